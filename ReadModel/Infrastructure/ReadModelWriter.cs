using System.Data.Common;
using Dapper;

namespace Lms.ReadModel.Infrastructure;

/// <summary>Writes projections, only forward.</summary>
public sealed class ReadModelWriter(ReadModelDatabase database)
{
    private const int Attempts = 4;

    /// <summary>
    /// Writes a batch in one transaction, all or nothing. A row is written when what is stored has a lower
    /// projection schema, or the same and a lower row version; otherwise it is left alone, so repeating and
    /// overtaking do no harm.
    /// </summary>
    public async Task ApplyAsync(IReadOnlyCollection<Projection> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await WriteAsync(batch, cancellationToken);
                return;
            }
            catch (DbException exception) when (attempt < Attempts && database.Dialect.IsWorthRepeating(exception))
            {
                // Nothing was written, and whoever got in the way has what it needs.
            }
        }
    }

    private async Task WriteAsync(IReadOnlyCollection<Projection> batch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Batches that touch the same rows lock them in the same order: none waits for another in a circle. Of one state
        // only the newest row would stay.
        var states = batch
            .GroupBy(row => (row.State, row.Key))
            .Select(rows => rows.MaxBy(row => row.RowVersion)!)
            .OrderBy(row => row.Key, StringComparer.Ordinal)
            .GroupBy(row => row.State, StringComparer.Ordinal)
            .OrderBy(rows => rows.Key, StringComparer.Ordinal)
            .ToList();
        if (database.Dialect.LockFor([.. states.Select(rows => rows.Key)]) is { } sql)
        {
            await connection.ExecuteAsync(new CommandDefinition(sql, transaction: transaction, cancellationToken: cancellationToken));
        }

        await using (var statements = RowStatements.In(connection, transaction))
        {
            foreach (var rows in states)
            {
                await ProjectionTables.Of(rows.Key).WriteAsync([.. rows], statements, database.Dialect, cancellationToken);
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
