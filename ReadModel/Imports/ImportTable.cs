using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Imports;

internal static class ImportTable
{
    public static readonly ProjectionTable<ImportRow> Definition = new("import", "imports", schema: 1)
    {
        Columns =
        [
            new("id", row => row.Id),
            new("queued_at", row => row.QueuedAt),
            new("upload", row => row.Upload),
        ],
        Migrations =
        [
            """
            CREATE TABLE imports (
                grain_key         TEXT    NOT NULL PRIMARY KEY,
                row_version       BIGINT  NOT NULL,
                projection_schema INTEGER NOT NULL,
                unfinished_since  BIGINT,
                id                TEXT    NOT NULL,
                queued_at         BIGINT  NOT NULL,
                upload            TEXT);
            CREATE INDEX imports_by_age ON imports (queued_at, id);
            CREATE INDEX imports_unfinished ON imports (unfinished_since) WHERE unfinished_since IS NOT NULL;
            """,
        ],
    };
}
