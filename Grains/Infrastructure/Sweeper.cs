using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Operations;
using Lms.Grains.Abstractions.Photos;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Books;
using Lms.Grains.Imports;
using Lms.Grains.Lendings;
using Lms.Grains.Operations;
using Lms.Grains.Photos;
using Lms.Grains.Readers;
using Lms.Grains.Users;
using Lms.ReadModel.Imports;
using Lms.ReadModel.Infrastructure;
using Microsoft.Extensions.Logging;

namespace Lms.Grains.Infrastructure;

/// <summary>Finishes what nobody comes back for, when a <see cref="SweepTimer"/> or the <see cref="SweeperGrain"/> says so.</summary>
/// <remarks>
/// First the read model is brought up to date, because it tells where unfinished processes are. What it tells is only
/// where to look: grains decide, and resuming one that has nothing to resume does nothing.
/// </remarks>
internal sealed partial class Sweeper(
    Reconciler reconciler,
    Projector projector,
    SweepQueries queries,
    IStoredStates stored,
    IUploadCleanup uploads,
    ImportQueries imports,
    IGrainFactory grains,
    LibraryCalendar calendar,
    ILogger<Sweeper> logger)
{
    /// <summary>Between comparisons of everything, when nothing was missed.</summary>
    public static readonly TimeSpan ReconcileInterval = TimeSpan.FromMinutes(5);

    /// <summary>An upload older than this has its import, or none will come.</summary>
    private static readonly TimeSpan s_uploadAge = TimeSpan.FromDays(1);

    /// <summary>A process younger than this is taken to be running still.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private DateTimeOffset _reconciledAt = DateTimeOffset.MinValue;
    private bool _isMissed;

    /// <summary>One whole sweep, whatever the time.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await reconciler.ReconcileAsync(cancellationToken);
        await ResumeAsync(cancellationToken);
        await ForgetOperationsAsync(cancellationToken);
        await DiscardPhotosAsync(cancellationToken);
        await uploads.DiscardAsync(calendar.Now - s_uploadAge, await imports.GetUploadsAsync(cancellationToken), cancellationToken);
    }

    /// <summary>What is due: unfinished processes always, everything else when rows were missed or long not compared.</summary>
    /// <returns>False when it failed; it is told in the log and tried again with the next.</returns>
    public async Task<bool> SweepDueAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Taken before the sweep: what is missed while it runs is for the next one.
            if (projector.TakeMissed() | Interlocked.Exchange(ref _isMissed, false) || calendar.Now - _reconciledAt >= ReconcileInterval)
            {
                // Before the sweep: what it could not finish is tried again soon, not in five minutes.
                _reconciledAt = DateTimeOffset.MinValue;
                await SweepAsync(cancellationToken);
                _reconciledAt = calendar.Now;
            }
            else
            {
                await ResumeAsync(cancellationToken);
            }

            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception);
            return false;
        }
    }

    /// <summary>The next sweep compares everything.</summary>
    public void ExpectMissed() => Volatile.Write(ref _isMissed, true);

    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        var before = calendar.Now - Grace;
        foreach (var (state, grain) in Resumable())
        {
            foreach (var key in await queries.GetUnfinishedAsync(state, before, cancellationToken))
            {
                await ResumeAsync(grain(key), cancellationToken);
            }
        }

        foreach (var reader in await queries.GetAccountsToSettleAsync(calendar.Now, cancellationToken))
        {
            await ResumeAsync(grains.Account(ReaderNumber.Of(reader)), cancellationToken);
        }

        await ReleaseCopiesAsync(cancellationToken);
    }

    // What accounts leave behind when a crash strikes between two attempts at one lending: it took one copy at the first
    // and has another. Nobody will give it this one, whatever is under way.
    private async Task ReleaseCopiesAsync(CancellationToken cancellationToken)
    {
        foreach (var (barcode, number) in await queries.GetCopiesToReleaseAsync(cancellationToken))
        {
            var (copy, lending) = (Barcode.Of(barcode), LendingNumber.Of(number));
            var held = await grains.Lending(lending).GetAsync(cancellationToken);
            if (held.IsAccepted && (held.Value.ReturnedOn is not null || held.Value.Barcode != copy))
            {
                await grains.Copy(copy).ReleaseAsync(lending, cancellationToken);
            }
        }
    }

    private IEnumerable<(string State, Func<string, IResumable> Grain)> Resumable() =>
    [
        (BookState.Name, key => grains.GetGrain<IBookGrain>(key)),
        (ReaderState.Name, key => grains.GetGrain<IReaderGrain>(key)),
        (UserState.Name, key => grains.GetGrain<IUserGrain>(key)),
        (LoginState.Name, key => grains.GetGrain<ILoginGrain>(key)),
        (HoldingsState.Name, key => grains.GetGrain<IHoldingsGrain>(key)),
        (ImportState.Name, key => grains.GetGrain<IImportGrain>(key)),
    ];

    // One that cannot be resumed now must not keep the others from it.
    private async Task ResumeAsync(IResumable grain, CancellationToken cancellationToken)
    {
        try
        {
            await grain.ResumeAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotResumed(exception, grain.GetGrainId());
        }
    }

    private async Task ForgetOperationsAsync(CancellationToken cancellationToken)
    {
        var before = calendar.Now - OperationRules.RememberedFor;
        foreach (var row in await stored.GetVersionsAsync(OperationState.Name, cancellationToken))
        {
            if (row.WrittenAt < before)
            {
                await grains.GetGrain<IOperationGrain>(row.Key).ForgetAsync(cancellationToken);
            }
        }
    }

    private async Task DiscardPhotosAsync(CancellationToken cancellationToken)
    {
        var before = calendar.Now - PhotoGrain.OrphanAge;
        var used = await queries.GetPhotosAsync(cancellationToken);
        foreach (var row in await stored.GetVersionsAsync(PhotoState.Name, cancellationToken))
        {
            if (row.WrittenAt < before && !used.Contains(row.Key[PhotoGrains.Prefix.Length..]))
            {
                await grains.GetGrain<IPhotoGrain>(row.Key).DiscardAsync(cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not resume {Grain}; it is tried again")]
    private partial void LogNotResumed(Exception exception, GrainId grain);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep failed; it is tried again")]
    private partial void LogFailed(Exception exception);
}
