using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Lendings;

internal static class LendingTable
{
    public static readonly ProjectionTable<LendingRow> Definition = new("lending", "lendings", schema: 1)
    {
        Columns =
        [
            new("number", row => row.Number),
            new("year", row => row.Year),
            new("sequence", row => row.Sequence),
            new("isbn", row => row.Isbn),
            new("book_title", row => row.BookTitle),
            new("reader", row => row.Reader),
            new("status", row => row.Status),
            new("started_on", row => row.StartedOn),
            new("started_year", row => row.StartedOn.Year),
            new("started_month", row => row.StartedOn.Month),
            new("due_on", row => row.DueOn),
            new("returned_on", row => row.ReturnedOn),
            new("fine_per_day_in_cents", row => row.FinePerDayInCents),
            new("fine_in_cents", row => row.FineInCents),
            new("barcode", row => row.Barcode),
            new("version", row => row.Version),
            new("operation", row => row.Operation),
        ],
        Migrations =
        [
            """
            CREATE TABLE lendings (
                grain_key             TEXT    NOT NULL PRIMARY KEY,
                row_version           BIGINT  NOT NULL,
                projection_schema     INTEGER NOT NULL,
                unfinished_since      BIGINT,
                number                TEXT    NOT NULL,
                year                  INTEGER NOT NULL,
                sequence              INTEGER NOT NULL,
                isbn                  TEXT    NOT NULL,
                book_title            TEXT    NOT NULL,
                reader                TEXT    NOT NULL,
                status                TEXT    NOT NULL,
                started_on            INTEGER NOT NULL,
                started_year          INTEGER NOT NULL,
                started_month         INTEGER NOT NULL,
                due_on                INTEGER NOT NULL,
                returned_on           INTEGER,
                fine_per_day_in_cents INTEGER NOT NULL,
                fine_in_cents         INTEGER,
                barcode               TEXT,
                version               INTEGER NOT NULL,
                operation             TEXT    NOT NULL);
            CREATE INDEX lendings_by_number ON lendings (number);
            CREATE INDEX lendings_by_book ON lendings (isbn, status, started_on, returned_on);
            CREATE INDEX lendings_by_reader ON lendings (reader, isbn, status);
            CREATE INDEX lendings_by_start ON lendings (started_on, status, isbn, reader);
            CREATE INDEX lendings_by_due ON lendings (due_on, year, sequence) WHERE status = 'active';
            CREATE INDEX lendings_unfinished ON lendings (unfinished_since) WHERE unfinished_since IS NOT NULL;
            """,
        ],
    };
}
