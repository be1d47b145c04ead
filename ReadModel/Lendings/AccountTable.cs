using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Lendings;

internal static class AccountTable
{
    public static readonly ProjectionTable<AccountRow> Definition = new("account", "accounts", schema: 1)
    {
        Columns = [new("reader", row => row.Reader)],
        Children =
        [
            new("account_entries", "reader", row => row.Reader, ["number", "isbn", "phase", "deadline", "barcode"],
                row => row.Entries.Select(entry =>
                    new object?[] { entry.Number, entry.Isbn, entry.Phase, entry.Deadline, entry.Barcode })),
        ],
        Migrations =
        [
            """
            CREATE TABLE accounts (
                grain_key         TEXT    NOT NULL PRIMARY KEY,
                row_version       BIGINT  NOT NULL,
                projection_schema INTEGER NOT NULL,
                unfinished_since  BIGINT,
                reader            TEXT    NOT NULL);
            CREATE INDEX accounts_unfinished ON accounts (unfinished_since) WHERE unfinished_since IS NOT NULL;
            CREATE TABLE account_entries (
                reader            TEXT    NOT NULL,
                number            TEXT    NOT NULL,
                isbn              TEXT    NOT NULL,
                phase             TEXT    NOT NULL,
                deadline          BIGINT,
                barcode           TEXT,
                PRIMARY KEY (reader, number));
            """,
        ],
    };
}
