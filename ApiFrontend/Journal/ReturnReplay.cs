using Lms.ApiFrontend.Lendings;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Journal;

/// <summary>Carries out what the journal has accepted, oldest first, as soon as the library can be reached.</summary>
internal sealed partial class ReturnReplay(
    ReturnJournal journal,
    DeskReturns returns,
    LendingReads lendings,
    Commands commands,
    IGrainFactory grains,
    GrainCalls calls,
    JournalMetrics metrics,
    IOptions<JournalOptions> options,
    TimeProvider clock,
    ILogger<ReturnReplay> logger) : BackgroundService
{
    /// <summary>After so many in a row that reached nobody the others wait; one that is stuck holds up nobody.</summary>
    private const int MaxUnreached = 3;

    // Before the first request: a gateway that starts while nothing lives accepts returns.
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Watch(journal, clock);
        journal.TryOpen();
        return base.StartAsync(cancellationToken);
    }

    /// <summary>One attempt at everything that waits.</summary>
    internal async Task ReplayAsync(CancellationToken cancellationToken)
    {
        var unreached = 0;
        foreach (var one in journal.Pending)
        {
            try
            {
                await journal.DecideAsync(one, await CarryOutAsync(one.Entry, cancellationToken));
                unreached = 0;
                await Task.Delay(TimeSpan.FromSeconds(1) / options.Value.ReplaysPerSecond, clock, cancellationToken);
            }
            catch (Exception exception) when (GrainFaults.IsUnavailable(exception))
            {
                if (++unreached == MaxUnreached)
                {
                    return;
                }
            }
        }

        await journal.ForgetAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (string.IsNullOrWhiteSpace(options.Value.Directory))
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.ReplayEvery, clock);
        await timer.RepeatAsync(OpenAndReplayAsync, logger, stoppingToken);
    }

    private async Task OpenAndReplayAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (journal.TryOpen())
            {
                await ReplayAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What was carried out is not noted and is carried out again, which changes nothing.
            LogUnnoted(exception);
        }
    }

    private async Task<JournalOutcome> CarryOutAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        Result<Lending> returned;
        try
        {
            returned = await commands.RunLaterAsync(
                entry.Command,
                entry.Key,
                entry.Fingerprint,
                context => returns.ReturnAsync(
                    context, new(entry.Lending, entry.Barcode, entry.Commentary, entry.Grade, entry.At), cancellationToken),
                lending => lending.Number.ToString(),
                number => lendings.GetAsync(LendingNumber.Of(number), cancellationToken),
                cancellationToken);
        }
        catch (Exception exception) when (!GrainFaults.IsUnavailable(exception) && exception is not OperationCanceledException)
        {
            // Not for ever in the way of the others.
            LogUnexpected(exception);
            returned = new Rejection(RejectionKind.Conflict, "unexpected", "It could not be carried out for a reason nobody has thought of.");
        }

        if (returned.IsAccepted)
        {
            return Outcome(entry, DeferredState.Applied, returned.Value.Number);
        }

        return await WasReturnedAsync(entry, returned.Rejection, cancellationToken)
            ? Outcome(entry, DeferredState.AlreadyReturned, entry.Lending ?? entry.LastLending, returned.Rejection.Code)
            : await ReviewAsync(entry, returned.Rejection, cancellationToken);
    }

    /// <summary>
    /// True when the lending that was meant has been returned by somebody else. Of a copy that was lent again since, or that
    /// stands on the shelf, it is the lending that this gateway had seen it with.
    /// </summary>
    private async Task<bool> WasReturnedAsync(JournalEntry entry, Rejection refusal, CancellationToken cancellationToken)
    {
        if (refusal.Code != LendingRejections.AlreadyReturned.Code && refusal.Code != LendingRejections.ReturnedBeforeLent.Code)
        {
            return false;
        }

        if (entry.LastLending is { } last)
        {
            return await lendings.GetAsync(last, cancellationToken) is { IsAccepted: true, Value.ReturnedOn: not null };
        }

        return refusal.Code == LendingRejections.AlreadyReturned.Code;
    }

    private async Task<JournalOutcome> ReviewAsync(JournalEntry entry, Rejection refusal, CancellationToken cancellationToken)
    {
        var review = new ReturnReview
        {
            Id = entry.Operation,
            Journal = journal.Name!,
            By = entry.By,
            ReturnedAt = entry.At,
            Lending = entry.Lending ?? entry.LastLending,
            Barcode = entry.Barcode,
            Commentary = entry.Commentary,
            Grade = entry.Grade,
            Reason = refusal,
        };
        var listed = await calls.WriteAsync(
            grains.ReturnReviews(), (grain, token) => grain.AddAsync(review, token), cancellationToken);
        if (!listed.IsAccepted)
        {
            // It waits here until there is room.
            LogListFull();
            throw new GrainFault(FaultKind.Unreachable, listed.Rejection.Detail);
        }

        return Outcome(entry, DeferredState.Review, entry.Lending, refusal.Code);
    }

    private JournalOutcome Outcome(JournalEntry entry, DeferredState state, LendingNumber? lending, string? code = null) =>
        new() { Operation = entry.Operation, State = state, At = clock.GetUtcNow(), Lending = lending, Code = code };

    [LoggerMessage(Level = LogLevel.Error, Message = "A return that was accepted for later failed for a reason nobody has thought of")]
    private partial void LogUnexpected(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The list of returns to look at is full: librarians must decide before others can follow")]
    private partial void LogListFull();

    [LoggerMessage(Level = LogLevel.Error, Message = "What became of a return could not be written into the journal; it is tried again")]
    private partial void LogUnnoted(Exception exception);
}
