using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Books;

internal static class BookTable
{
    public static readonly ProjectionTable<BookRow> Definition = new("book", "books", schema: 1)
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
        ],
        Children =
        [
            new("book_authors", "isbn", row => row.Isbn, ["position", "author"],
                row => row.Authors.Distinct().Select((author, position) => new object?[] { position, author })),
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
        ],
    };
}
