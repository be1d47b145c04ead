// Writes the MARC-8 tables of this library from the code tables of the Library of Congress, to standard output:
//   dotnet run Marc/Tables/generate.cs -- codetables.xml > Marc/Tables/marc8.txt
// A line is a run of codes of one set: the final byte of its escape sequence, the first code, then one character per
// code: hexadecimal, "+" after a combining mark, "-" for the second half of a double-wide mark, "." for a gap.
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

if (args is not [var path])
{
    Console.Error.WriteLine("usage: generate.cs codetables.xml[.gz]");
    return 2;
}

using var file = File.OpenRead(path);
using Stream input = path.EndsWith(".gz", StringComparison.Ordinal)
    ? new GZipStream(file, CompressionMode.Decompress)
    : file;

var output = new StringBuilder();
foreach (var set in XDocument.Load(input).Descendants("characterSet"))
{
    var iso = Number((string)set.Attribute("ISOcode")!);
    var codes = set.Descendants("code")
        .Select(code => (Code: Number((string)code.Element("marc")!) & 0x7F7F7F, Text: Text(code)))
        .OrderBy(code => code.Code)
        .ToList();

    var next = -1;
    foreach (var (code, text) in codes)
    {
        if (next < 0 || code < next || code - next > 4)
        {
            output.Append(next < 0 ? "" : "\n").Append(CultureInfo.InvariantCulture, $"{iso:X2} {code:X2}");
            next = code;
        }

        for (; next < code; next++)
        {
            output.Append(" .");
        }

        output.Append(' ').Append(text);
        next = code + 1;
    }

    output.Append('\n');
}

Console.Out.Write(output);
return 0;

static int Number(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

static string Text(XElement code) => (string?)code.Element("ucs") switch
{
    null or "" => "-",
    var ucs when (string?)code.Element("isCombining") == "true" => ucs + "+",
    var ucs => ucs,
};
