using System.Data.Common;

namespace Lms.ReadModel.Infrastructure;

/// <summary>A statement with the values of its parameters @p0, @p1 and so on.</summary>
internal readonly record struct RowStatement(string Sql, object?[] Values);

/// <summary>Runs statements of one transaction in their order: in one round trip where the database is elsewhere.</summary>
internal abstract class RowStatements : IAsyncDisposable
{
    public static RowStatements In(DbConnection connection, DbTransaction transaction) => connection.CanCreateBatch
        ? new Batched(connection, transaction)
        : new OneByOne(connection, transaction);

    /// <summary>How many rows each statement has written.</summary>
    public abstract Task<IReadOnlyList<int>> RunAsync(IReadOnlyList<RowStatement> statements, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    private static string ParameterName(int number) => $"@p{number}";

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

    private sealed class Batched(DbConnection connection, DbTransaction transaction) : RowStatements
    {
        public override async Task<IReadOnlyList<int>> RunAsync(IReadOnlyList<RowStatement> statements, CancellationToken cancellationToken)
        {
            if (statements.Count == 0)
            {
                return [];
            }

            await using var batch = connection.CreateBatch();
            batch.Transaction = transaction;
            foreach (var statement in statements)
            {
                var command = batch.CreateBatchCommand();
                command.CommandText = statement.Sql;
                foreach (var (number, value) in statement.Values.Index())
                {
                    var parameter = command.CreateParameter();
                    parameter.ParameterName = ParameterName(number);
                    parameter.Value = Stored(value);
                    command.Parameters.Add(parameter);
                }

                batch.BatchCommands.Add(command);
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
            return [.. batch.BatchCommands.Select(command => command.RecordsAffected)];
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Each text is parsed once.</summary>
    private sealed class OneByOne(DbConnection connection, DbTransaction transaction) : RowStatements
    {
        private readonly Dictionary<string, DbCommand> prepared = new(StringComparer.Ordinal);

        public override async Task<IReadOnlyList<int>> RunAsync(IReadOnlyList<RowStatement> statements, CancellationToken cancellationToken)
        {
            var written = new List<int>(statements.Count);
            foreach (var statement in statements)
            {
                var command = Prepared(statement);
                foreach (var (number, value) in statement.Values.Index())
                {
                    command.Parameters[number].Value = Stored(value);
                }

                written.Add(await command.ExecuteNonQueryAsync(cancellationToken));
            }

            return written;
        }

        public override async ValueTask DisposeAsync()
        {
            foreach (var command in prepared.Values)
            {
                await command.DisposeAsync();
            }
        }

        private DbCommand Prepared(RowStatement statement)
        {
            if (!prepared.TryGetValue(statement.Sql, out var command))
            {
                prepared[statement.Sql] = command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = statement.Sql;
                for (var number = 0; number < statement.Values.Length; number++)
                {
                    var parameter = command.CreateParameter();
                    parameter.ParameterName = ParameterName(number);
                    command.Parameters.Add(parameter);
                }
            }

            return command;
        }
    }
}
