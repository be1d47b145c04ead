using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;
using Microsoft.Extensions.Options;

namespace Lms.Grains.Lendings;

/// <summary>Drives the lendings of one reader through crashes: it calls sequence, copies and lendings, which call nobody.</summary>
/// <remarks>
/// Lending: (1) an entry is written, which counts at once; (2) a copy is taken, if the book has copies; (3) the first
/// write of the lending is the commit point; (4) the entry is known to be open, which the next write stores.
/// Returning: the write of the lending is the commit point; then the copy is released and the entry dropped.
/// </remarks>
internal sealed class LendingAccountGrain(
    [PersistentState(AccountState.Name, GrainStorage.Name)] IPersistentState<AccountState> storage,
    IOptions<LendingOptions> options,
    GrainServices services) : LibraryGrain<AccountState>(storage, services), ILendingAccountGrain
{
    // False until every entry has been compared with its lending: an activation that begins, or that a fault has cut
    // short, cannot know what an earlier one was in the middle of.
    private bool _isSettled;

    public Task<Result<Lending>> LendAsync(LendBook command, CancellationToken cancellationToken) =>
        UnsettledOnFaultAsync(async () =>
        {
            await SettleAsync(cancellationToken);
            if (State.Remembered(command.Operation) is { Outcome: { } outcome })
            {
                return await GrainFactory.Lending(LendingNumber.Of(outcome)).GetAsync(cancellationToken);
            }

            var entry = State.Find(command.Operation);
            if (entry is null && !options.Value.ChecksLimitAfterTheWrite && CheckLend() is { } refusal)
            {
                return refusal;
            }

            var lent = entry is null
                ? await DriveAsync(await BeginAsync(command, cancellationToken), isResumed: false, cancellationToken)
                : await DriveAsync(entry, isResumed: true, cancellationToken);
            return options.Value.ChecksLimitAfterTheWrite && State.Entries.Length > options.Value.MaxOpenLendings
                ? LendingRejections.LimitReached
                : lent;
        });

    public Task<Result<Lending>> ReturnAsync(ReturnBook command, CancellationToken cancellationToken) =>
        UnsettledOnFaultAsync(async () =>
        {
            await SettleAsync(cancellationToken);
            var closing = new CloseLending(
                command.Operation,
                command.ExpectedVersion,
                command.ReturnedAt is { } returnedAt ? DayOf(returnedAt) : Today,
                command.Commentary,
                command.Grade,
                this.Reader,
                command.ReturnedAt);
            var returned = await GrainFactory.Lending(command.Number).CloseAsync(closing, cancellationToken);
            if (returned.IsAccepted && State.Find(command.Number) is { } entry)
            {
                await FinishReturnAsync(entry, cancellationToken);
            }

            return returned;
        });

    public async Task LoadAsync(LoadLendings command, CancellationToken cancellationToken)
    {
        var next = State;
        foreach (var lending in command.Lendings)
        {
            var startedAt = new DateTimeOffset(lending.StartedOn, TimeOnly.MinValue, TimeSpan.Zero);
            var opened = await GrainFactory.Lending(lending.Number)
                .OpenAsync(new(command.Operation, lending, startedAt), cancellationToken);
            if (opened is { IsAccepted: true, Value.ReturnedOn: null } && next.Find(lending.Number) is null)
            {
                next = AccountRules.Add(next, AccountRules.EntryOf(lending, command.Operation, Now));
            }
        }

        await CommitAsync(next, cancellationToken);
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        _isSettled = false;
        await SettleAsync(cancellationToken);
    }

    protected override bool IsListed => false;

    protected override Projection? Project(long rowVersion) => AccountState.Project(Key, rowVersion, State);

    private Rejection? CheckLend() => AccountRules.CheckLend(State, Today, options.Value.MaxOpenLendings);

    private async Task<AccountEntry> BeginAsync(LendBook command, CancellationToken cancellationToken)
    {
        var today = Today;
        var holdings = await GrainFactory.Holdings(command.Isbn).GetAsync(cancellationToken);
        var candidates = command.Barcode is { } barcode ? [barcode] : holdings.Barcodes;
        var sequence = await GrainFactory.LendingNumbers(today.Year).NextAsync(cancellationToken);
        var entry = AccountRules.NewEntry(
            command, new(today.Year, sequence), candidates, options.Value, today, Now);
        await CommitAsync(AccountRules.Add(State, entry), cancellationToken);
        return entry;
    }

    private async Task<Result<Lending>> DriveAsync(AccountEntry entry, bool isResumed, CancellationToken cancellationToken)
    {
        var lending = GrainFactory.Lending(entry.Number);
        if (entry.IsOpen)
        {
            return await lending.GetAsync(cancellationToken);
        }

        // What the lending may hold in the end without need. An earlier attempt at it may have taken any candidate, or
        // its take may still be on its way.
        var touched = isResumed ? entry.Candidates.ToList() : [];
        Barcode? taken = null;
        foreach (var candidate in entry.Candidates)
        {
            var copy = await GrainFactory.Copy(candidate).TakeAsync(entry.Number, this.Reader, cancellationToken);
            if (!copy.IsAccepted)
            {
                continue;
            }

            touched.Add(candidate);
            if (copy.Value.Isbn == entry.Isbn)
            {
                taken = candidate;
                break;
            }
        }

        if (taken is null && entry.Candidates.Length > 0)
        {
            var undone = await UndoAsync(entry, touched, cancellationToken);
            return undone.IsAccepted ? undone : LendingRejections.NoCopy;
        }

        var opened = await lending.OpenAsync(AccountRules.Opening(entry, this.Reader, taken), cancellationToken);
        if (!opened.IsAccepted)
        {
            await UndoAsync(entry, entry.Candidates, cancellationToken);
            throw new GrainFault(FaultKind.Conflict, "The lending was undone meanwhile. Nothing was lent.");
        }

        Keep(AccountRules.Open(State, entry.Number, opened.Value.Barcode));
        await ReleaseAsync(entry.Number, touched.Where(copy => copy != opened.Value.Barcode), cancellationToken);
        return opened;
    }

    /// <summary>Undoes a lending that has not begun; answers the lending if it turns out to have.</summary>
    private async Task<Result<Lending>> UndoAsync(
        AccountEntry entry, IEnumerable<Barcode> touched, CancellationToken cancellationToken)
    {
        var lending = AccountRules.OwnOnly(
            await GrainFactory.Lending(entry.Number).VoidAsync(entry.Operation, cancellationToken), entry, this.Reader);
        if (lending.IsAccepted)
        {
            Keep(AccountRules.Open(State, entry.Number, lending.Value.Barcode));
            return lending;
        }

        await ReleaseAsync(entry.Number, touched, cancellationToken);
        await CommitAsync(AccountRules.Drop(State, entry.Number), cancellationToken);
        return lending;
    }

    private async Task FinishReturnAsync(AccountEntry entry, CancellationToken cancellationToken)
    {
        await ReleaseAsync(entry.Number, entry.Barcode is { } barcode ? [barcode] : entry.Candidates, cancellationToken);
        await CommitAsync(AccountRules.Close(State, entry, Now), cancellationToken);
    }

    private async Task ReleaseAsync(
        LendingNumber lending, IEnumerable<Barcode> copies, CancellationToken cancellationToken)
    {
        foreach (var copy in copies)
        {
            await GrainFactory.Copy(copy).ReleaseAsync(lending, cancellationToken);
        }
    }

    /// <summary>Finishes what was left in the middle, as far as its deadline allows.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        if (_isSettled)
        {
            return;
        }

        foreach (var entry in State.Entries)
        {
            var lending = AccountRules.OwnOnly(
                await GrainFactory.Lending(entry.Number).GetAsync(cancellationToken), entry, this.Reader);
            if (lending is { IsAccepted: true, Value.ReturnedOn: null })
            {
                if (!entry.IsOpen)
                {
                    Keep(AccountRules.Open(State, entry.Number, lending.Value.Barcode));
                }
            }
            else if (lending.IsAccepted)
            {
                await FinishReturnAsync(entry with { Barcode = lending.Value.Barcode }, cancellationToken);
            }
            else if (AccountRules.IsHopeless(lending.Rejection) || entry.Deadline < Now)
            {
                await UndoAsync(entry, entry.Candidates, cancellationToken);
            }
        }

        _isSettled = Array.TrueForAll(State.Entries, entry => entry.IsOpen);
    }

    private async Task<T> UnsettledOnFaultAsync<T>(Func<Task<T>> process)
    {
        try
        {
            return await process();
        }
        catch
        {
            _isSettled = false;
            throw;
        }
    }
}
