using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Lms.Marc;

/// <summary>
/// Finds the elements of records in a stream of UTF-8, or of another encoding whose markup is ASCII, and hands each one
/// to a parser of its own. Knows just enough of XML for that: tags, comments, CDATA sections, instructions.
/// </summary>
internal sealed partial class MarcXmlScanner(bool isUtf16)
{
    private const int LongestTag = 1 << 16;

    private static readonly SearchValues<byte> NameEnd = SearchValues.Create(" \t\r\n/>"u8);

    private readonly ArrayBufferWriter<byte> captured = new();
    private Encoding encoding = MarcXmlEncoding.Utf8;
    private Markup markup;
    private byte quote;
    private long offset;
    private long markupOffset;
    private int markupStart;
    private long recordOffset;
    private bool isInRecord;
    private bool hasFields;
    private bool isWrapper;
    private bool isStray;
    private bool hasWrapper;
    private bool hasText;
    private string? root;
    private bool isRootOpen;
    private MarcReading? found;

    private enum Markup
    {
        None,
        Tag,
        Comment,
        Data,
        Instruction,
    }

    /// <summary>Nothing more is read after a document type declaration.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Scans up to the first thing to report.</summary>
    /// <returns>The number of bytes scanned.</returns>
    public int Scan(ReadOnlySpan<byte> bytes, out MarcReading? reading)
    {
        found = null;
        var position = 0;
        while (position < bytes.Length && found is null && !IsOver)
        {
            var length = Math.Max(1, markup switch
            {
                Markup.None => Until(bytes[position..], (byte)'<'),
                Markup.Tag => 1,
                _ => Until(bytes[position..], (byte)'>'),
            });
            Step(bytes.Slice(position, length));
            position += length;
        }

        reading = found;
        return IsOver ? bytes.Length : position;
    }

    /// <summary>What is left to report when the stream has ended.</summary>
    public MarcReading? End(int readings)
    {
        if (IsOver)
        {
            return null;
        }

        if (isInRecord)
        {
            return Failed(recordOffset, MarcProblems.Truncated, "The document ends within the record.");
        }

        if (root is null || (readings == 0 && !isRootOpen && !hasWrapper && LocalName(root) is not "collection"))
        {
            return root is not null || hasText || markup is not Markup.None
                ? Failed(0, MarcProblems.NotMarc, "Nothing here looks like a record.")
                : null;
        }

        return isRootOpen || markup is not Markup.None
            ? Failed(offset, MarcProblems.Truncated, $"The document ends before the end of \"{root}\".")
            : null;
    }

    private static int Until(ReadOnlySpan<byte> bytes, byte sought)
    {
        var index = bytes.IndexOf(sought);
        return index < 0 ? bytes.Length : index + (sought == '>' ? 1 : 0);
    }

    private void Step(ReadOnlySpan<byte> bytes)
    {
        var next = bytes[0];
        if (next == '<' && markup is (Markup.None or Markup.Tag))
        {
            Begin();
        }

        hasText = hasText || (markup is Markup.None && bytes.IndexOfAnyExcept(" \t\r\n"u8) >= 0);
        Capture(bytes);
        offset += isUtf16 ? Utf16Length(bytes) : bytes.Length;
        switch (markup)
        {
            case Markup.Tag:
                InTag(next);
                break;
            case Markup.Comment when EndsWith("-->"u8, longerThan: 6):
            case Markup.Data when EndsWith("]]>"u8, longerThan: 11):
                markup = Markup.None;
                break;
            case Markup.Instruction when EndsWith("?>"u8, longerThan: 3):
                Instruction();
                markup = Markup.None;
                break;
        }

        if (captured.WrittenCount > (isInRecord ? MarcXmlReader.LongestRecord : LongestTag))
        {
            Overflow();
        }
    }

    private void Begin()
    {
        markup = Markup.Tag;
        quote = 0;
        markupOffset = offset;
        if (!isInRecord)
        {
            captured.ResetWrittenCount();
        }

        markupStart = captured.WrittenCount;
    }

    private void Capture(ReadOnlySpan<byte> bytes)
    {
        if (isInRecord || markup is not Markup.None)
        {
            captured.Write(bytes);
        }
    }

    private void InTag(byte next)
    {
        if (quote != 0)
        {
            quote = next == quote ? (byte)0 : quote;
            return;
        }

        var tag = captured.WrittenSpan[markupStart..];
        switch (next)
        {
            case (byte)'"' or (byte)'\'' when tag.Length > 1 && tag[1] is not ((byte)'!' or (byte)'/'):
                quote = next;
                break;
            case (byte)'-' when tag.SequenceEqual("<!--"u8):
                markup = Markup.Comment;
                break;
            case (byte)'[' when tag.SequenceEqual("<![CDATA["u8):
                markup = Markup.Data;
                break;
            case (byte)'?' when tag.Length == 2:
                markup = Markup.Instruction;
                break;
            case (byte)'E' when tag.SequenceEqual("<!DOCTYPE"u8):
                IsOver = true;
                found = Failed(markupOffset, MarcProblems.Dtd, "Documents with a document type are refused.");
                break;
            case (byte)'>':
                markup = Markup.None;
                Complete(tag);
                break;
        }
    }

    private void Complete(ReadOnlySpan<byte> tag)
    {
        var isEnd = tag.StartsWith("</"u8);
        var name = Name(tag[(isEnd ? 2 : 1)..]);
        var isSelfClosing = tag.EndsWith("/>"u8);
        if (isEnd)
        {
            isRootOpen = isRootOpen && (isInRecord || name != root);
            if (isInRecord && LocalName(name) is "record")
            {
                Finish();
            }

            return;
        }

        if (name is "" or ['!', ..])
        {
            return;
        }

        if (!isRootOpen && !isInRecord)
        {
            (root, isRootOpen) = (name, !isSelfClosing && LocalName(name) is not "record");
        }

        Start(LocalName(name), isSelfClosing);
    }

    private void Start(string name, bool isSelfClosing)
    {
        switch (name)
        {
            case "record":
                Restart();
                if (isSelfClosing)
                {
                    Finish();
                }

                break;
            case "leader" or "controlfield" or "datafield" when isInRecord:
                hasFields = true;
                break;
            case "leader" or "controlfield" or "datafield" when !isStray:
                isStray = true;
                found = Failed(markupOffset, MarcProblems.NotWellFormed, "A field stands outside of all records.");
                break;
            case "header" or "metadata":
                isWrapper = true;
                break;
        }
    }

    /// <summary>A record within a record: the outer one is a wrapper of a protocol, or it has lost its end.</summary>
    private void Restart()
    {
        if (isInRecord && hasFields)
        {
            found = Failed(recordOffset, MarcProblems.NotWellFormed, "The next record begins before this one ends.");
        }

        hasWrapper |= isInRecord;
        var start = captured.WrittenSpan[markupStart..].ToArray();
        captured.ResetWrittenCount();
        captured.Write(start);
        markupStart = 0;
        recordOffset = markupOffset;
        (isInRecord, hasFields, isWrapper, isStray) = (true, false, false, false);
    }

    private void Finish()
    {
        isInRecord = false;
        if (isWrapper && !hasFields)
        {
            hasWrapper = true;
            return;
        }

        // A restart may have something to tell of the record before, which is worse than an empty element.
        found ??= MarcXmlEncoding.TryDecode(encoding, captured.WrittenSpan, out var element)
            ? MarcXmlRecord.Read(element, recordOffset)
            : Failed(recordOffset, MarcProblems.Encoding, $"The record is not text in {encoding.WebName}.");
    }

    private void Overflow()
    {
        // The end of a comment may come in two chunks.
        var end = captured.WrittenSpan[^16..].ToArray();
        captured.ResetWrittenCount();
        captured.Write(end);
        markupStart = 0;
        if (isInRecord)
        {
            isInRecord = false;
            isStray = true;
            found ??= Failed(
                recordOffset, MarcProblems.TooLong, $"No end of record within {MarcXmlReader.LongestRecord} bytes.");
        }
    }

    private void Instruction()
    {
        var text = Encoding.Latin1.GetString(captured.WrittenSpan[markupStart..]);
        if (!isUtf16 && text.StartsWith("<?xml ", StringComparison.Ordinal))
        {
            encoding = MarcXmlEncoding.Named(EncodingName().Match(text).Groups["name"].Value);
        }
    }

    private bool EndsWith(ReadOnlySpan<byte> end, int longerThan) =>
        captured.WrittenCount - markupStart > longerThan && captured.WrittenSpan.EndsWith(end);

    private static string Name(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAny(NameEnd);
        return Encoding.UTF8.GetString(bytes[..Math.Min(end < 0 ? bytes.Length : end, 256)]);
    }

    private static string LocalName(string name) => name[(name.LastIndexOf(':') + 1)..];

    private static int Utf16Length(ReadOnlySpan<byte> utf8)
    {
        var length = 0;
        foreach (var part in utf8)
        {
            length += part switch { >= 0xF0 => 4, >= 0x80 and < 0xC0 => 0, _ => 2 };
        }

        return length;
    }

    private static MarcReading Failed(long offset, string code, string detail) =>
        new() { Number = 0, Offset = offset, Failure = new(code, detail) };

    [GeneratedRegex("""encoding\s*=\s*["'](?<name>[A-Za-z0-9._:-]+)["']""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EncodingName();
}
