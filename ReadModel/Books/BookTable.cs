using System.Globalization;
using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Books;

internal static class BookTable
{
    public static readonly ProjectionTable<BookRow> Definition = new("book", "books", schema: 2)
    {
        Columns =
        [
            new("isbn", row => row.Isbn),
            new("isbn_as_given", row => row.IsbnAsGiven),
            new("title", row => row.Title),
            new("title_folded", row => row.TitleFolded),
            new("genre_folded", row => row.GenreFolded),
            new("description", row => row.Description),
            new("photo", row => row.Photo),
            new("version", row => row.Version),
            new("is_hidden", row => row.IsHidden),
            new("full_title", row => row.FullTitle),
            new("publisher", row => row.Publisher),
            new("year", row => row.Year),
            new("language", row => row.Language),
            new("edition", row => row.Edition),
            new("pages", row => row.Pages),
        ],
        Children =
        [
            new("book_authors", "isbn", row => row.Isbn, ["position", "author"],
                row => row.Authors.Distinct().Select((author, position) => new object?[] { position, author })),
            new("book_facets", "isbn_number", row => Number(row.Isbn),
                ["title_folded", "genre_folded", "language", "year", "authors"], Facets),
            new("book_texts", "isbn_number", row => Number(row.Isbn),
                ["isbn", "title", "subjects", "description", "publisher", "isbns"], Texts),
            new("book_records", "isbn", row => row.Isbn, ["record"],
                row => row.Record is null ? [] : [[row.Record]]),
        ],
        DerivedNames = [BookIndex.Name],
        Afterwards =
        [
            new(sql => sql.BookIndex.RemoveBook, row => Number(row.Isbn)),
            new(sql => sql.BookIndex.AddBook, row => Number(row.Isbn)),
        ],
        Migrations =
        [
            """
            CREATE TABLE books (
                grain_key         TEXT    NOT NULL PRIMARY KEY,
                row_version       BIGINT  NOT NULL,
                projection_schema INTEGER NOT NULL,
                unfinished_since  BIGINT,
                isbn              TEXT    NOT NULL,
                isbn_as_given     TEXT,
                title             TEXT    NOT NULL,
                title_folded      TEXT    NOT NULL,
                genre_folded      TEXT    NOT NULL,
                description       TEXT,
                photo             TEXT,
                version           INTEGER NOT NULL,
                is_hidden         INTEGER NOT NULL);
            CREATE INDEX books_by_isbn ON books (isbn, is_hidden, genre_folded);
            CREATE INDEX books_by_title ON books (title_folded, isbn);
            CREATE INDEX books_by_genre ON books (genre_folded, is_hidden, title_folded, isbn);
            CREATE INDEX books_unfinished ON books (unfinished_since) WHERE unfinished_since IS NOT NULL;
            CREATE TABLE book_authors (
                isbn              TEXT    NOT NULL,
                position          INTEGER NOT NULL,
                author            BIGINT  NOT NULL,
                PRIMARY KEY (isbn, position));
            CREATE INDEX book_authors_by_author ON book_authors (author, isbn);
            """,
            $"""
            ALTER TABLE books ADD COLUMN full_title TEXT;
            ALTER TABLE books ADD COLUMN publisher TEXT;
            ALTER TABLE books ADD COLUMN year INTEGER;
            ALTER TABLE books ADD COLUMN language TEXT;
            ALTER TABLE books ADD COLUMN edition TEXT;
            ALTER TABLE books ADD COLUMN pages INTEGER;
            CREATE TABLE book_facets (
                isbn_number       INTEGER NOT NULL PRIMARY KEY,
                title_folded      TEXT    NOT NULL,
                genre_folded      TEXT    NOT NULL,
                language          TEXT,
                year              INTEGER,
                authors           TEXT    NOT NULL);
            CREATE TABLE book_texts (
                isbn_number       INTEGER NOT NULL PRIMARY KEY,
                isbn              TEXT    NOT NULL,
                title             TEXT    NOT NULL,
                subjects          TEXT    NOT NULL,
                description       TEXT    NOT NULL,
                publisher         TEXT    NOT NULL,
                isbns             TEXT    NOT NULL);
            {SqliteBookIndex.CreateTable}
            """,
            """
            CREATE TABLE book_records (
                isbn              TEXT    NOT NULL PRIMARY KEY,
                record            TEXT    NOT NULL);
            """,
        ],
    };

    // An integer is the key that the index needs, and half as long as the text.
    private static long Number(string isbn) => long.Parse(isbn, CultureInfo.InvariantCulture);

    private static IEnumerable<object?[]> Facets(BookRow row) => row.IsHidden
        ? []
        : [[row.TitleFolded, row.GenreFolded, row.Language, row.Year, string.Join(' ', row.Authors.Distinct())]];

    private static IEnumerable<object?[]> Texts(BookRow row) => row.IsHidden
        ? []
        :
        [
            [
                row.Isbn,
                SearchWords.Of(row.Text.Titles),
                SearchWords.Of(row.Text.Subjects),
                SearchWords.Of(row.Text.Description),
                SearchWords.Of(row.Text.Publisher),
                SearchWords.Of(row.Text.Isbns),
            ],
        ];
}
