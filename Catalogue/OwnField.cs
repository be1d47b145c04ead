using System.Globalization;
using Lms.Grains.Abstractions.Books;
using Lms.Marc;

namespace Lms.Catalogue;

/// <summary>
/// Field 990 with <c>$2 lms</c>: what the library knows otherwise than the rest of the record says. So an exported book comes
/// back as it was, and the fields that a foreign record came with need not change.
/// </summary>
/// <remarks>An empty subfield says that there is none; a subfield that is absent, that the record is right.</remarks>
internal static class OwnField
{
    public const string Tag = "990";
    public const string Source = "lms";

    private const char Title = 't';
    private const char FullTitle = 'f';
    private const char Author = 'a';
    private const char Genre = 'g';
    private const char Description = 'h';
    private const char Number = 'n';
    private const char IsbnAsGiven = 'i';
    private const char Alias = 'x';
    private const char Publisher = 'p';
    private const char Year = 'y';
    private const char Language = 'l';
    private const char Edition = 'e';
    private const char Series = 's';
    private const char Subject = 'k';
    private const char Pages = 'c';

    public static bool Is(MarcField field) => field is DataField { Tag: Tag } data && data.First('2') == Source;

    /// <summary>The field for a book whose record reads as <paramref name="read"/>; null when that is all there is to say.</summary>
    /// <param name="read">The book as the record without the field has it.</param>
    /// <param name="book">The book as it is.</param>
    /// <param name="options">What stands for an author and a genre that the record does not name.</param>
    public static DataField? For(CatalogueBook read, ExportedBook book, CatalogueOptions options)
    {
        var subfields = new List<Subfield>();
        if (book.Isbn.IsLocal)
        {
            subfields.Add(new(Number, book.Isbn.ToString()));
        }
        else if (read.Isbn != book.Isbn || read.IsbnAsGiven != book.IsbnAsGiven)
        {
            subfields.Add(new(IsbnAsGiven, book.IsbnAsGiven));
        }

        var (was, details) = (read.Details, book.Details);
        One(Title, read.Title, book.Title);
        One(FullTitle, was.FullTitle, details.FullTitle);
        Many(Author, read.Authors.Length == 0 ? [options.UnknownAuthor] : read.Authors, book.Authors);
        One(Genre, read.Genre ?? options.DefaultGenre, book.Genre);
        One(Description, read.Description, book.Description);
        One(Publisher, was.Publisher, details.Publisher);
        One(Year, Text(was.Year), Text(details.Year));
        One(Language, was.Language, details.Language);
        One(Edition, was.Edition, details.Edition);
        One(Pages, Text(was.Pages), Text(details.Pages));
        Many(Series, was.Series, details.Series);
        Many(Subject, was.Subjects, details.Subjects);
        Many(Alias, Texts(was.Aliases.Where(alias => alias != book.Isbn)), Texts(details.Aliases));
        return subfields.Count == 0 ? null : new(Tag, ' ', ' ', [.. subfields, new('2', Source)]);

        void One(char code, string? said, string? meant)
        {
            if (said != meant)
            {
                subfields.Add(new(code, meant ?? ""));
            }
        }

        void Many(char code, string[] said, string[] meant)
        {
            if (!said.SequenceEqual(meant))
            {
                subfields.AddRange(meant.DefaultIfEmpty("").Select(text => new Subfield(code, text)));
            }
        }
    }

    /// <summary>The book with what the field says in place of what the rest of the record says.</summary>
    public static CatalogueBook Apply(CatalogueBook book, MarcRecord record)
    {
        if (record.Data(Tag).FirstOrDefault(Is) is not { } field)
        {
            return book;
        }

        var details = book.Details;
        var isGiven = Isbn.TryParse(field.First(IsbnAsGiven), out var isbn);
        var isLocal = Isbn.TryParse(field.First(Number), out var number) && number.IsLocal;
        return book with
        {
            Isbn = isLocal ? null : isGiven ? isbn : book.Isbn,
            IsbnAsGiven = isLocal ? null : isGiven ? field.First(IsbnAsGiven) : book.IsbnAsGiven,
            LocalNumber = isLocal ? number : null,
            Title = One(Title, book.Title) is { } title && Titles.Trim(title).Length > 0 ? Titles.Cut(title) : book.Title,
            Authors = Many(Author, book.Authors),
            Genre = One(Genre, book.Genre),
            Description = One(Description, book.Description),
            Details = details with
            {
                FullTitle = One(FullTitle, details.FullTitle),
                Publisher = One(Publisher, details.Publisher),
                Year = Integer(Year, details.Year),
                Language = One(Language, details.Language),
                Edition = One(Edition, details.Edition),
                Pages = Integer(Pages, details.Pages),
                Series = Many(Series, details.Series),
                Subjects = Many(Subject, details.Subjects),
                Aliases = field.First(Alias) is null
                    ? details.Aliases
                    : [.. field.All(Alias).Where(text => Isbn.TryParse(text, out _)).Select(Isbn.Of)],
            },
        };

        string? One(char code, string? said) => field.First(code) switch
        {
            null => said,
            "" => null,
            var meant => meant,
        };

        int? Integer(char code, int? said) => field.First(code) switch
        {
            null => said,
            var meant => int.TryParse(meant, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null,
        };

        string[] Many(char code, string[] said) =>
            field.First(code) is null ? said : [.. field.All(code).Where(text => text.Length > 0)];
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string[] Texts(IEnumerable<Isbn> isbns) => [.. isbns.Select(isbn => isbn.ToString())];
}
