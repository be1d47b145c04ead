using System.Data.Common;

namespace Lms.ReadModel.Infrastructure;

/// <summary>Columns by name, back in the types they were stored from.</summary>
internal static class RowReading
{
    extension(DbDataReader row)
    {
        public string Text(string column) => row.GetString(row.GetOrdinal(column));

        public string? TextOrNull(string column) => row.IsNull(column) ? null : row.Text(column);

        public int Number(string column) => row.GetInt32(row.GetOrdinal(column));

        public int? NumberOrNull(string column) => row.IsNull(column) ? null : row.Number(column);

        public long LongNumber(string column) => row.GetInt64(row.GetOrdinal(column));

        public bool Flag(string column) => row.Number(column) != 0;

        public DateOnly Date(string column) => DateOnly.FromDayNumber(row.Number(column));

        public DateOnly? DateOrNull(string column) => row.IsNull(column) ? null : row.Date(column);

        public bool IsNull(string column) => row.IsDBNull(row.GetOrdinal(column));
    }
}
