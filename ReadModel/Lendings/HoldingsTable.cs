using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Lendings;

internal static class HoldingsTable
{
    public static readonly ProjectionTable<HoldingsRow> Definition = new("holdings", "holdings", schema: 1)
    {
        Columns =
        [
            new("isbn", row => row.Isbn),
        ],
        Migrations =
        [
            """
            CREATE TABLE holdings (
                grain_key         TEXT    NOT NULL PRIMARY KEY,
                row_version       BIGINT  NOT NULL,
                projection_schema INTEGER NOT NULL,
                unfinished_since  BIGINT,
                isbn              TEXT    NOT NULL);
            CREATE INDEX holdings_unfinished ON holdings (unfinished_since) WHERE unfinished_since IS NOT NULL;
            """,
        ],
    };
}
