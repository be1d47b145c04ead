using Lms.ReadModel.Books;
using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Authors;

internal static class AuthorTable
{
    public static readonly ProjectionTable<AuthorRow> Definition = new("author", "authors", schema: 2)
    {
        Columns =
        [
            new("number", row => row.Number),
            new("name", row => row.Name),
            new("name_folded", row => row.NameFolded),
            new("name_words", row => SearchWords.Of(row.NameFolded)),
            new("bio", row => row.Bio),
            new("photo", row => row.Photo),
            new("version", row => row.Version),
        ],
        Afterwards =
        [
            new(sql => sql.BookIndex.RemoveBooksOfAuthor, row => row.Number),
            new(sql => sql.BookIndex.AddBooksOfAuthor, row => row.Number),
        ],
        Migrations =
        [
            """
            CREATE TABLE authors (
                grain_key         TEXT    NOT NULL PRIMARY KEY,
                row_version       BIGINT  NOT NULL,
                projection_schema INTEGER NOT NULL,
                unfinished_since  BIGINT,
                number            BIGINT  NOT NULL,
                name              TEXT    NOT NULL,
                name_folded       TEXT    NOT NULL,
                bio               TEXT    NOT NULL,
                photo             TEXT,
                version           INTEGER NOT NULL);
            CREATE INDEX authors_by_number ON authors (number);
            CREATE INDEX authors_by_name ON authors (name_folded, number);
            CREATE INDEX authors_unfinished ON authors (unfinished_since) WHERE unfinished_since IS NOT NULL;
            """,
            "ALTER TABLE authors ADD COLUMN name_words TEXT NOT NULL DEFAULT ''",
        ],
    };
}
