using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ZiggyCreatures.Caching.Fusion;

namespace Lms.ApiFrontend.Cache;

/// <summary>
/// What the catalogue said last: a shield of a quarter second in front of the grains, and the answer when nobody else has one.
/// Never about people: what is in it is shared by all gateways.
/// </summary>
internal sealed class CatalogueCache(
    IFusionCache cache, HedgedReads reads, IOptions<CacheOptions> options, ResilienceMetrics metrics, TimeProvider clock) : IDisposable
{
    /// <summary>Longer than a read takes that began before the write.</summary>
    private static readonly TimeSpan s_rememberWrites = TimeSpan.FromSeconds(10);

    /// <summary>A newer copy for gateways that start later is not worth more than this.</summary>
    private static readonly TimeSpan s_share = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _written = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <summary>
    /// Reads what is fresh; else from the grain; else, when that fails or hesitates, from the read model; else what is old. An
    /// answer that is not the grain's is noted in <see cref="Degradation"/>.
    /// </summary>
    public async Task<Result<T>> GetAsync<T>(Source<T> source, CancellationToken cancellationToken)
        where T : class
    {
        var asked = clock.GetUtcNow();
        var kept = await cache.GetOrSetAsync<Kept<T>>(
            source.Key, (context, token) => ReadAsync(source, context, token), EntryOf(source), token: cancellationToken);

        // A read that began before a write must not hide it from whoever made it.
        if (_written.TryGetValue(source.Key, out Kept<T>? written) && written!.Version > kept.Version)
        {
            kept = written;
        }

        var isOld = !source.IsImmutable && asked - kept.AsOf > options.Value.FreshFor;
        if (isOld || kept.IsFromReadModel)
        {
            var reason = isOld ? Degradation.Stale : Degradation.ReadModel;
            metrics.FellBack(source.Service, reason);
            Degradation.Note(reason, clock.GetUtcNow() - kept.AsOf);
        }

        return kept.Answer;
    }

    /// <summary>Reads from the grain, whatever is known, and remembers that.</summary>
    public async Task<Result<T>> ReloadAsync<T>(Source<T> source, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await source.FromGrain(cancellationToken);
        if (answer.IsAccepted)
        {
            await KeepAsync(source, answer.Value);
        }

        return answer;
    }

    /// <summary>Tells of a write that has been acknowledged: whoever reads here sees it at once, and elsewhere in a moment.</summary>
    public async Task KeepAsync<T>(Source<T> source, T value)
        where T : class
    {
        var kept = new Kept<T>(value, source.VersionOf(value), clock.GetUtcNow(), IsFromReadModel: false);
        if (_written.TryGetValue(source.Key, out Kept<T>? other) && other!.Version > kept.Version)
        {
            return;
        }

        _written.Set(source.Key, kept, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = s_rememberWrites });
        var entry = EntryOf(source);
        entry.SkipBackplaneNotifications = false;
        await cache.SetAsync(source.Key, kept, entry);
    }

    public void Dispose() => _written.Dispose();

    private async Task<Kept<T>> ReadAsync<T>(
        Source<T> source, FusionCacheFactoryExecutionContext<Kept<T>> context, CancellationToken cancellationToken)
        where T : class
    {
        var read = await reads.ReadAsync(source, cancellationToken);
        var before = context.HasStaleValue ? context.StaleValue.Value : null;
        if (!read.Answer.IsAccepted)
        {
            context.Options.SkipMemoryCacheWrite = true;
            context.Options.SkipDistributedCacheWrite = true;
        }
        else if (read.IsFromReadModel && before?.Version > read.Version)
        {
            return before; // the read model lags behind what was known before
        }
        else if (before?.Version == read.Version && read.AsOf - before.SharedAt < s_share)
        {
            context.Options.SkipDistributedCacheWrite = true;
            return read with { SharedAt = before.SharedAt };
        }

        return read;
    }

    private FusionCacheEntryOptions EntryOf<T>(Source<T> source)
        where T : class => cache.CreateEntryOptions(entry =>
        {
            entry.Size = source.KiB;
            entry.Duration = source.IsImmutable ? options.Value.KeepFor : options.Value.FreshFor;
        });
}
