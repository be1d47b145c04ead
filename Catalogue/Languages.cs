using System.Collections.Frozen;

namespace Lms.Catalogue;

/// <summary>Language codes as ISO 639-2/B, which MARC uses.</summary>
public static class Languages
{
    // ISO 639-1 and its ISO 639-2/B, from the code list of the Library of Congress.
    private const string Codes =
        """
        aa=aar ab=abk ae=ave af=afr ak=aka am=amh an=arg ar=ara as=asm av=ava ay=aym az=aze ba=bak be=bel bg=bul bh=bih
        bi=bis bm=bam bn=ben bo=tib br=bre bs=bos ca=cat ce=che ch=cha co=cos cr=cre cs=cze cu=chu cv=chv cy=wel da=dan
        de=ger dv=div dz=dzo ee=ewe el=gre en=eng eo=epo es=spa et=est eu=baq fa=per ff=ful fi=fin fj=fij fo=fao fr=fre
        fy=fry ga=gle gd=gla gl=glg gn=grn gu=guj gv=glv ha=hau he=heb hi=hin ho=hmo hr=hrv ht=hat hu=hun hy=arm hz=her
        ia=ina id=ind ie=ile ig=ibo ii=iii ik=ipk io=ido is=ice it=ita iu=iku ja=jpn jv=jav ka=geo kg=kon ki=kik kj=kua
        kk=kaz kl=kal km=khm kn=kan ko=kor kr=kau ks=kas ku=kur kv=kom kw=cor ky=kir la=lat lb=ltz lg=lug li=lim ln=lin
        lo=lao lt=lit lu=lub lv=lav mg=mlg mh=mah mi=mao mk=mac ml=mal mn=mon mr=mar ms=may mt=mlt my=bur na=nau nb=nob
        nd=nde ne=nep ng=ndo nl=dut nn=nno no=nor nr=nbl nv=nav ny=nya oc=oci oj=oji om=orm or=ori os=oss pa=pan pi=pli
        pl=pol ps=pus pt=por qu=que rm=roh rn=run ro=rum ru=rus rw=kin sa=san sc=srd sd=snd se=sme sg=sag si=sin sk=slo
        sl=slv sm=smo sn=sna so=som sq=alb sr=srp ss=ssw st=sot su=sun sv=swe sw=swa ta=tam te=tel tg=tgk th=tha ti=tir
        tk=tuk tl=tgl tn=tsn to=ton tr=tur ts=tso tt=tat tw=twi ty=tah ug=uig uk=ukr ur=urd uz=uzb ve=ven vi=vie vo=vol
        wa=wln wo=wol xh=xho yi=yid yo=yor za=zha zh=chi zu=zul
        """;

    // Codes that do not name one language.
    private static readonly FrozenSet<string> s_none =
        FrozenSet.ToFrozenSet(["und", "zxx", "mul", "mis", "nul"], StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> s_codes = Codes
        .Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
        .ToFrozenDictionary(pair => pair[..2], pair => pair[3..], StringComparer.Ordinal);

    /// <summary>Reads "eng", "en", "en-US" and "engfre", of which the first counts; null when it is no language code.</summary>
    public static string? Code(string? text)
    {
        var letters = new string([.. (text ?? "").Trim().ToLowerInvariant().TakeWhile(letter => letter is >= 'a' and <= 'z')]);
        return letters.Length switch
        {
            2 => s_codes.GetValueOrDefault(letters),
            >= 3 when letters.Length % 3 == 0 && !s_none.Contains(letters[..3]) => letters[..3],
            _ => null,
        };
    }
}
