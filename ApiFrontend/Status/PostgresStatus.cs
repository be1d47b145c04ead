using Npgsql;
using NpgsqlTypes;

namespace Lms.ApiFrontend.Status;

/// <summary>The tables <c>request_counts</c> and <c>incidents</c>.</summary>
internal sealed class PostgresStatus(NpgsqlDataSource source, GatewayRun gateway) : IStatusStore
{
    private const int CommandTimeout = 5;

    public async Task WriteAsync(IReadOnlyCollection<MinuteCount> counts, CancellationToken cancellationToken)
    {
        // Greatest: a write that comes late must not undo a newer one.
        await using var command = Command(
            """
            INSERT INTO request_counts (gateway, run, minute, service, complete, degraded, failed, announced)
            SELECT @gateway, @run, minute, service, complete, degraded, failed, announced
            FROM unnest(@minutes, @services, @complete, @degraded, @failed, @announced)
                AS counted (minute, service, complete, degraded, failed, announced)
            ON CONFLICT (minute, service, gateway, run) DO UPDATE SET
                complete = GREATEST(request_counts.complete, excluded.complete),
                degraded = GREATEST(request_counts.degraded, excluded.degraded),
                failed = GREATEST(request_counts.failed, excluded.failed),
                announced = GREATEST(request_counts.announced, excluded.announced)
            """,
            ("gateway", gateway.Name),
            ("run", gateway.Id),
            ("services", counts.Select(count => count.Service).ToArray()),
            ("complete", counts.Select(count => count.Totals.Full).ToArray()),
            ("degraded", counts.Select(count => count.Totals.Degraded).ToArray()),
            ("failed", counts.Select(count => count.Totals.Failed).ToArray()),
            ("announced", counts.Select(count => count.Totals.Announced).ToArray()));
        command.Parameters.AddWithValue(
            "minutes", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, counts.Select(count => count.Minute.UtcDateTime).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, RequestTotals>> CountAsync(
        DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT service, sum(complete)::BIGINT, sum(degraded)::BIGINT, sum(failed)::BIGINT, sum(announced)::BIGINT
            FROM request_counts WHERE minute > @after AND minute <= @until GROUP BY service
            """,
            ("after", after.UtcDateTime),
            ("until", until.UtcDateTime));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<string, RequestTotals>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            counts[reader.GetString(0)] = new(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
        }

        return counts;
    }

    public async Task<bool> ReportAsync(Incident incident, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            INSERT INTO incidents (service, gateway, opened_by, worst, codes, started_at, seen_at)
            VALUES (@service, @gateway, @id, @worst, @codes, @started, now())
            ON CONFLICT (service) WHERE ended_at IS NULL DO UPDATE SET
                worst = GREATEST(incidents.worst, excluded.worst),
                codes = ARRAY(SELECT DISTINCT code FROM unnest(incidents.codes || excluded.codes) AS code ORDER BY code),
                started_at = LEAST(incidents.started_at, excluded.started_at),
                seen_at = now()
            RETURNING opened_by
            """,
            [.. ParametersOf(incident)]);
        return await command.ExecuteScalarAsync(cancellationToken) is Guid openedBy && openedBy == incident.Id;
    }

    public async Task AddFinishedAsync(Incident incident, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            INSERT INTO incidents (service, gateway, opened_by, worst, codes, started_at, seen_at, ended_at)
            SELECT @service, @gateway, @id, @worst, @codes, @started, now(), @ended
            WHERE NOT EXISTS (SELECT FROM incidents WHERE opened_by = @id)
            """,
            [.. ParametersOf(incident), ("ended", incident.EndedAt!.Value.UtcDateTime)]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task<IReadOnlyList<Incident>> CloseSilentAsync(TimeSpan silence, CancellationToken cancellationToken) => ReadAsync(
        """
        UPDATE incidents SET ended_at = GREATEST(seen_at, started_at) WHERE ended_at IS NULL AND seen_at < now() - @silence
        RETURNING opened_by, service, worst, codes, started_at, ended_at
        """,
        ("silence", silence),
        cancellationToken);

    public Task<IReadOnlyList<Incident>> RecentAsync(int count, CancellationToken cancellationToken) => ReadAsync(
        "SELECT opened_by, service, worst, codes, started_at, ended_at FROM incidents ORDER BY started_at DESC LIMIT @count",
        ("count", count),
        cancellationToken);

    public async Task DeleteBeforeAsync(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "DELETE FROM request_counts WHERE minute < @instant; DELETE FROM incidents WHERE ended_at < @instant",
            ("instant", instant.UtcDateTime));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<Incident>> ReadAsync(
        string sql, (string Name, object Value) parameter, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, parameter);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var incidents = new List<Incident>();
        while (await reader.ReadAsync(cancellationToken))
        {
            incidents.Add(new(
                reader.GetGuid(0),
                reader.GetString(1),
                (Health)reader.GetInt16(2),
                await reader.GetFieldValueAsync<string[]>(3, cancellationToken),
                await reader.GetFieldValueAsync<DateTimeOffset>(4, cancellationToken),
                await reader.IsDBNullAsync(5, cancellationToken) ? null : await reader.GetFieldValueAsync<DateTimeOffset>(5, cancellationToken)));
        }

        return incidents;
    }

    private IEnumerable<(string Name, object Value)> ParametersOf(Incident incident) =>
    [
        ("service", incident.Service),
        ("gateway", gateway.Name),
        ("id", incident.Id),
        ("worst", (short)incident.Worst),
        ("codes", incident.Codes.ToArray()),
        ("started", incident.StartedAt.UtcDateTime),
    ];

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = source.CreateCommand(sql);
        command.CommandTimeout = CommandTimeout;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
