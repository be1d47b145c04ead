using System.Globalization;
using System.Net;
using System.Text;
using Lms.Grains.Abstractions;
using Lms.Marc;

namespace Lms.Catalogue;

/// <summary>Books as MARC 21 bibliographic records.</summary>
/// <remarks>
/// A book that was imported leaves with the record that it came with, field by field; only a title or an author that
/// somebody has changed since takes the place of the old one.
/// </remarks>
public sealed class MarcExport(Genres genres, CatalogueOptions options)
{
    private const string Organisation = "Lms.Orleans";

    private readonly MarcBooks _books = new(genres);

    public MarcRecord Record(ExportedBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        var source = book.Source is null ? null : SourceRecords.ToMarc(book.Source);
        var record = source is null ? Made(book) : Edited(source, book);
        if (_books.Map(record, source: null).Book is not { } read)
        {
            // A record that is no longer language material, or whose title is gone, cannot come back as this book.
            record = Made(book);
            read = _books.Map(record, source: null).Book
                ?? throw new InvalidOperationException($"The record made of {book.Isbn} is no book.");
        }

        return OwnField.For(read, book, options) is { } own ? new(record.Leader, [.. record.Fields, own]) : record;
    }

    private MarcRecord Edited(MarcRecord source, ExportedBook book)
    {
        var record = new MarcRecord(source.Leader, [.. source.Fields.Where(field => !OwnField.Is(field))]);
        if (_books.Map(record, source: null).Book is not { } read)
        {
            return record;
        }

        List<MarcField> fields = [.. record.Fields];
        if (Folding.Fold(read.Title) != Folding.Fold(book.Title))
        {
            var place = fields.FindIndex(field => field.Tag == "245");
            var old = (DataField)fields[place];
            fields[place] = old with
            {
                Subfields = [new('a', book.Title), .. old.Subfields.Where(subfield => subfield.Code is 'c' or 'h' or '6')],
            };
        }

        var names = book.Authors.Select(Folding.Fold).ToHashSet(StringComparer.Ordinal);
        var known = read.Authors.Select(Folding.Fold).ToHashSet(StringComparer.Ordinal);
        if (!names.SetEquals(known.Count == 0 ? [Folding.Fold(options.UnknownAuthor)] : known))
        {
            fields.RemoveAll(field => field is DataField data && MarcBooks.AuthorName(data) is { } name
                && known.Contains(Folding.Fold(name)) && !names.Contains(Folding.Fold(name)));
            foreach (var name in book.Authors.Where(name => !known.Contains(Folding.Fold(name))))
            {
                var tag = fields.Exists(field => field.Tag is "100" or "110" or "111") ? "700" : "100";
                Insert(fields, new DataField(tag, '0', ' ', [new('a', name)]));
            }
        }

        return new(record.Leader, fields);
    }

    private static MarcRecord Made(ExportedBook book)
    {
        var details = book.Details;
        List<MarcField> fields =
        [
            new ControlField("001", book.Isbn.ToString()),
            new ControlField("003", Organisation),
            new ControlField("008", Fixed(details.Year, details.Language)),
        ];
        if (!book.Isbn.IsLocal)
        {
            fields.Add(Field("020", ' ', ' ', ('a', book.IsbnAsGiven)));
        }

        fields.AddRange(details.Aliases.Select(alias => Field("020", ' ', ' ', ('a', alias.ToString()))));
        fields.Add(Field("100", '0', ' ', ('a', book.Authors[0])));
        fields.Add(Field("245", '1', '0', ('a', details.FullTitle ?? book.Title)));
        Add("250", ' ', ' ', 'a', details.Edition);
        if (details.Publisher is not null || details.Year is not null)
        {
            fields.Add(new DataField("264", ' ', '1', [.. Subfields(('b', details.Publisher), ('c', details.Year?.ToString(CultureInfo.InvariantCulture)))]));
        }

        Add("300", ' ', ' ', 'a', details.Pages is { } pages ? string.Create(CultureInfo.InvariantCulture, $"{pages} p.") : null);
        fields.AddRange(details.Series.Select(series => Field("490", '0', ' ', ('a', series))));
        Add("520", ' ', ' ', 'a', book.Description is null ? null : PlainText(book.Description));
        fields.AddRange(details.Subjects.Select(subject => Field("653", ' ', ' ', ('a', subject))));
        fields.Add(Field("655", ' ', '7', ('a', book.Genre), ('2', OwnField.Source)));
        fields.AddRange(book.Authors.Skip(1).Select(name => Field("700", '0', ' ', ('a', name))));
        return new("00000nam a2200000 i 4500", fields);

        void Add(string tag, char first, char second, char code, string? value)
        {
            if (value is not null)
            {
                fields.Add(Field(tag, first, second, (code, value)));
            }
        }
    }

    private static DataField Field(string tag, char first, char second, params (char Code, string? Value)[] subfields) =>
        new(tag, first, second, [.. Subfields(subfields)]);

    private static IEnumerable<Subfield> Subfields(params (char Code, string? Value)[] subfields) => subfields
        .Where(subfield => subfield.Value is not null)
        .Select(subfield => new Subfield(subfield.Code, subfield.Value!));

    private static void Insert(List<MarcField> fields, MarcField field)
    {
        var place = fields.FindIndex(other => string.CompareOrdinal(other.Tag, field.Tag) > 0);
        fields.Insert(place < 0 ? fields.Count : place, field);
    }

    // 008: date of entry unknown, one date, no attempt to code the rest.
    private static string Fixed(int? year, string? language) => string.Create(
        CultureInfo.InvariantCulture, $"000000{(year is null ? 'n' : 's')}{year?.ToString("D4", CultureInfo.InvariantCulture) ?? "uuuu"}    xx |||||||||||||||||{language ?? "und"}||");

    private static string PlainText(string html)
    {
        var text = new StringBuilder(html.Length);
        var isTag = false;
        foreach (var character in html)
        {
            isTag = character == '<' || (isTag && character != '>');
            if (!isTag)
            {
                text.Append(character == '>' ? ' ' : character);
            }
        }

        return Titles.SingleSpaced(WebUtility.HtmlDecode(text.ToString()));
    }
}
