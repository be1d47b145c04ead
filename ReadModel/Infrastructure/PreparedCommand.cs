using System.Data.Common;

namespace Lms.ReadModel.Infrastructure;

/// <summary>A statement that is parsed once and run for many rows; its parameters are @p0, @p1 and so on.</summary>
internal sealed class PreparedCommand : IAsyncDisposable
{
    private readonly DbCommand command;

    public PreparedCommand(DbConnection connection, DbTransaction transaction, string sql, int parameters)
    {
        command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var number = 0; number < parameters; number++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{number}";
            command.Parameters.Add(parameter);
        }
    }

    public Task<int> ExecuteAsync(ReadOnlySpan<object?> values, CancellationToken cancellationToken)
    {
        for (var number = 0; number < values.Length; number++)
        {
            command.Parameters[number].Value = Stored(values[number]);
        }

        return command.ExecuteNonQueryAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => command.DisposeAsync();

    /// <summary>
    /// Dates are day numbers, instants Unix milliseconds and booleans 0 or 1, so that differences, comparisons and
    /// sums are the same SQL in every database.
    /// </summary>
    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        DateOnly date => date.DayNumber,
        DateTimeOffset instant => instant.ToUnixTimeMilliseconds(),
        bool flag => flag ? 1 : 0,
        string text => StoredText.Of(text),
        _ => value,
    };
}
