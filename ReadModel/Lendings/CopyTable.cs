using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Lendings;

internal static class CopyTable
{
    public static readonly ProjectionTable<CopyRow> Definition = new("copy", "copies", schema: 1)
    {
        Columns =
        [
            new("barcode", row => row.Barcode),
            new("isbn", row => row.Isbn),
            new("branch", row => row.Branch),
            new("shelf_mark", row => row.ShelfMark),
            new("withdrawn", row => row.Withdrawn),
            new("lending", row => row.Lending),
            new("reader", row => row.Reader),
            new("version", row => row.Version),
        ],
        Migrations =
        [
            """
            CREATE TABLE copies (
                grain_key         TEXT    NOT NULL PRIMARY KEY,
                row_version       BIGINT  NOT NULL,
                projection_schema INTEGER NOT NULL,
                unfinished_since  BIGINT,
                barcode           TEXT    NOT NULL,
                isbn              TEXT    NOT NULL,
                branch            TEXT,
                shelf_mark        TEXT,
                withdrawn         INTEGER NOT NULL,
                lending           TEXT,
                reader            TEXT,
                version           INTEGER NOT NULL);
            CREATE INDEX copies_by_book ON copies (isbn, barcode);
            CREATE INDEX copies_lent ON copies (lending) WHERE lending IS NOT NULL;
            CREATE INDEX copies_unfinished ON copies (unfinished_since) WHERE unfinished_since IS NOT NULL;
            """,
        ],
    };
}
