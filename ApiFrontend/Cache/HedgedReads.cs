using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Cache;

/// <summary>
/// Reads from the grain; from the read model as well when the grain hesitates, or instead when it fails. The same grain is never
/// asked twice at once: it has one activation, which would be as late.
/// </summary>
internal sealed class HedgedReads(IOptionsMonitor<ResilienceOptions> options, ResilienceMetrics metrics, TimeProvider clock)
{
    public async Task<Kept<T>> ReadAsync<T>(Source<T> source, CancellationToken cancellationToken)
        where T : class
    {
        var asOf = clock.GetUtcNow();
        var grain = source.FromGrain(cancellationToken);
        await WaitAsync(grain, options.Get(source.Service).HedgeDelay, cancellationToken);
        if (grain.IsCompleted && !(grain.IsFaulted && GrainFaults.IsUnavailable(grain.Exception!.InnerException!)))
        {
            return Of(await grain, isFromReadModel: false);
        }

        metrics.Hedged(source.Service);
        var row = FromReadModelAsync(source, cancellationToken);
        if (await Task.WhenAny(grain, row) == grain && grain.IsCompletedSuccessfully)
        {
            return Of(await grain, isFromReadModel: false);
        }

        if (await row is { } known && !grain.IsCompletedSuccessfully)
        {
            grain.Ignore();
            return Of(known, isFromReadModel: true);
        }

        return Of(await grain, isFromReadModel: false);

        Kept<T> Of(Result<T> answer, bool isFromReadModel) =>
            new(answer, answer.IsAccepted ? source.VersionOf(answer.Value) : 0, asOf, isFromReadModel);
    }

    private async Task WaitAsync(Task grain, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (grain.IsCompleted)
        {
            return;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(grain, Task.Delay(delay, clock, over.Token));
        await over.CancelAsync();
    }

    private static async Task<T?> FromReadModelAsync<T>(Source<T> source, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await source.FromReadModel(cancellationToken);
        }
        catch (Exception exception) when (GrainFaults.IsUnavailable(exception))
        {
            return null; // the grain may still answer, and if it does not, its fault is the one to tell
        }
    }
}
