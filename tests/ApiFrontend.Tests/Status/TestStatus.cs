using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Lms.ApiFrontend.Alarms;
using Lms.ApiFrontend.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lms.ApiFrontend.Tests.Status;

/// <summary>The store of a cluster, which does as a test says.</summary>
internal sealed class TestStore(TimeProvider clock) : IStatusStore
{
    private readonly Dictionary<string, (Incident Incident, DateTimeOffset SeenAt)> _open = new(StringComparer.Ordinal);

    /// <summary>What happens instead of an answer; null for an answer.</summary>
    public Func<Task>? Instead { get; set; }

    /// <summary>Happens after a write, whose answer it takes away.</summary>
    public Func<Task>? AfterWrite { get; set; }

    public Dictionary<(DateTimeOffset Minute, string Service), RequestTotals> Counts { get; } = [];

    public List<Incident> Finished { get; } = [];

    public async Task WriteAsync(IReadOnlyCollection<MinuteCount> counts, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        foreach (var count in counts)
        {
            Counts[(count.Minute, count.Service)] = count.Totals;
        }

        await (AfterWrite?.Invoke() ?? Task.CompletedTask);
    }

    public async Task<IReadOnlyDictionary<string, RequestTotals>> CountAsync(
        DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        return Counts.Where(count => count.Key.Minute > after && count.Key.Minute <= until).GroupBy(count => count.Key.Service, count => count.Value)
            .ToDictionary(counts => counts.Key, counts => counts.Aggregate((one, other) => one + other));
    }

    public async Task<bool> ReportAsync(Incident incident, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        var opened = _open.TryGetValue(incident.Service, out var open) ? open.Incident : incident;
        _open[incident.Service] = (opened, clock.GetUtcNow());
        return opened.Id == incident.Id;
    }

    public async Task AddFinishedAsync(Incident incident, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        Finished.Add(incident);
    }

    public async Task<IReadOnlyList<Incident>> CloseSilentAsync(TimeSpan silence, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        var silent = _open.Values.Where(open => clock.GetUtcNow() - open.SeenAt > silence)
            .Select(open => open.Incident with { EndedAt = open.SeenAt }).ToList();
        silent.ForEach(incident => _open.Remove(incident.Service));
        Finished.AddRange(silent);
        return silent;
    }

    public async Task<IReadOnlyList<Incident>> RecentAsync(int count, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        return [.. _open.Values.Select(open => open.Incident).Concat(Finished)];
    }

    public Task DeleteBeforeAsync(DateTimeOffset instant, CancellationToken cancellationToken) => AnswerAsync();

    private Task AnswerAsync() => Instead?.Invoke() ?? Task.CompletedTask;
}

/// <summary>A bell that somebody listens to.</summary>
internal sealed class TestBell : IAlarmChannel, IAsyncDisposable
{
    private readonly ServiceProvider _services = Meters();
    private readonly ConcurrentQueue<Alarm> _heard = new();

    public TestBell() => Bell = new(
        [this], _services.GetRequiredService<IMeterFactory>(), TimeProvider.System, NullLogger<AlarmBell>.Instance);

    public AlarmBell Bell { get; }

    public string Name => "test";

    /// <summary>What was rung, once so many have been.</summary>
    public async Task<IReadOnlyList<Alarm>> HeardAsync(int count)
    {
        if (Bell.ExecuteTask is null)
        {
            await Bell.StartAsync(CancellationToken.None);
        }

        while (_heard.Count < count)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return [.. _heard];
    }

    public Task SendAsync(Alarm alarm, CancellationToken cancellationToken)
    {
        _heard.Enqueue(alarm);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Bell.StopAsync(CancellationToken.None);
        Bell.Dispose();
        await _services.DisposeAsync();
    }

    public static ServiceProvider Meters() => new ServiceCollection().AddMetrics().BuildServiceProvider();
}
