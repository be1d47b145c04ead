using System.Globalization;
using System.Text;

namespace Lms.Process.Tests.Imports;

/// <summary>
/// Thousands of MARC 21 records of our own making: books with ISBNs and without, records that share a book, further ISBNs,
/// authors in two spellings, recordings, and records without title.
/// </summary>
internal static class SyntheticCatalogue
{
    private const int Authors = 97;
    private const char Subfield = '\u001F';
    private const char FieldEnd = '\u001E';
    private const char RecordEnd = '\u001D';

    public static byte[] Of(int records)
    {
        using var file = new MemoryStream();
        for (var number = 0; number < records; number++)
        {
            file.Write(Record(number));
        }

        return file.ToArray();
    }

    private static byte[] Record(int number)
    {
        var isSound = number % 50 == 49;
        var fields = new List<(string Tag, string Content)> { ("001", Text($"{number}")), ("003", "OWN") };
        if (number % 10 is not 7)
        {
            // A third record of ten is about the same book as the first, the sixth finds the fifth by its second ISBN.
            var isbn = (number % 10) switch
            {
                3 => Isbn(number - 3),
                6 => Isbn(1_000_000 + number - 1),
                _ => Isbn(number),
            };
            fields.Add(("020", Text($"  {Subfield}a{isbn}")));
        }

        if (number % 10 is 5)
        {
            fields.Add(("020", Text($"  {Subfield}a{Isbn(1_000_000 + number)}")));
        }

        var author = number * 31 % Authors;
        var name = number % 2 == 0 ? Text($"Autora {Letters(author)}") : Text($"AUTORA {Letters(author)}");
        fields.Add(("100", Text($"0 {Subfield}a{name}")));
        if (number % 50 != 48)
        {
            fields.Add(("245", Text($"10{Subfield}aLivro {number} :{Subfield}bum relato /{Subfield}c{name}.")));
        }

        fields.Add(("260", Text($"  {Subfield}aLisboa :{Subfield}bEditora {number % 13},{Subfield}c{1900 + (number % 120)}.")));
        fields.Add(("650", Text($" 0{Subfield}aAssunto {number % 41}")));
        return Iso2709(isSound ? 'j' : 'a', fields);
    }

    private static byte[] Iso2709(char type, List<(string Tag, string Content)> fields)
    {
        var (directory, data) = (new StringBuilder(), new StringBuilder());
        foreach (var (tag, content) in fields)
        {
            directory.Append(CultureInfo.InvariantCulture, $"{tag}{content.Length + 1:D4}{data.Length:D5}");
            data.Append(content).Append(FieldEnd);
        }

        var start = 24 + directory.Length + 1;
        return Encoding.ASCII.GetBytes(Text(
            $"{start + data.Length + 1:D5}n{type}m a22{start:D5} i 4500{directory}{FieldEnd}{data}{RecordEnd}"));
    }

    private static string Isbn(int number)
    {
        var twelve = Text($"978{number:D9}");
        var sum = twelve.Select((digit, place) => (digit - '0') * (place % 2 == 0 ? 1 : 3)).Sum();
        return Text($"{twelve}{(10 - (sum % 10)) % 10}");
    }

    private static string Letters(int number) => $"{(char)('A' + (number / 26))}{(char)('a' + (number % 26))}";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
