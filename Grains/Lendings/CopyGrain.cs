using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Lendings;

internal sealed class CopyGrain(
    [PersistentState(CopyState.Name, GrainStorage.Name)] IPersistentState<CopyState> storage,
    GrainServices services) : LibraryGrain<CopyState>(storage, services), ICopyGrain
{
    public Task<Result<Copy>> RegisterAsync(RegisterCopy command, CancellationToken cancellationToken) =>
        DecideAsync(CopyRules.Register(State, this.Barcode, command, Now), cancellationToken);

    public Task<Result<Copy>> TakeAsync(
        LendingNumber lending, ReaderNumber reader, CancellationToken cancellationToken) =>
        DecideAsync(CopyRules.Take(State, lending, reader, this.Barcode), cancellationToken);

    public Task ReleaseAsync(LendingNumber lending, CancellationToken cancellationToken) =>
        CommitAsync(CopyRules.Release(State, lending, Now), cancellationToken);

    public Task<Result<Copy>> ChangeAsync(ChangeCopy command, CancellationToken cancellationToken) =>
        DecideAsync(CopyRules.Change(State, this.Barcode, command, Now), cancellationToken);

    public Task<Result<Copy>> WithdrawAsync(Operation operation, CancellationToken cancellationToken) =>
        DecideAsync(CopyRules.Withdraw(State, this.Barcode, operation, Now), cancellationToken);

    public Task<Result<Copy>> GetAsync(CancellationToken cancellationToken) => Task.FromResult<Result<Copy>>(
        State.Copy is { IsWithdrawn: false } copy ? copy : CopyRejections.Unknown(this.Barcode));

    protected override Projection? Project(long rowVersion) => CopyState.Project(Key, rowVersion, State);

    private Task<Result<Copy>> DecideAsync(Result<CopyState> decision, CancellationToken cancellationToken) =>
        CommitAsync(decision, state => state.Copy, cancellationToken);
}

internal sealed class HoldingsGrain(
    [PersistentState(HoldingsState.Name, GrainStorage.Name)] IPersistentState<HoldingsState> storage,
    GrainServices services) : LibraryGrain<HoldingsState>(storage, services), IHoldingsGrain
{
    // Begin (one write), register the copy (the commit point: another book may have its barcode), finish (one write).
    public async Task<Result<Copy>> AddAsync(AddCopy command, CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken);
        if (!State.Knows(command.Operation))
        {
            var begun = HoldingsRules.BeginAdd(State, command, Now);
            if (!begun.IsAccepted)
            {
                return begun.Rejection;
            }

            await CommitAsync(begun.Value, cancellationToken);
            return await FinishAddAsync(command, cancellationToken);
        }

        return await GrainFactory.Copy(command.Barcode).GetAsync(cancellationToken);
    }

    // Begin (one write), withdraw the copy (the commit point: it may be lent), finish (one write).
    public async Task<Result<Copy>> WithdrawAsync(
        Operation operation, Barcode barcode, CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken);
        if (!State.Knows(operation))
        {
            if (!State.Barcodes.Contains(barcode))
            {
                return CopyRejections.Unknown(barcode);
            }

            var removal = new CopyRemoval(operation, barcode);
            await CommitAsync(HoldingsRules.BeginRemove(State, removal, Now), cancellationToken);
            return await FinishRemoveAsync(removal, cancellationToken);
        }

        return await GrainFactory.Copy(barcode).WithdrawAsync(operation, cancellationToken);
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (State.Adding is { } adding)
        {
            await FinishAddAsync(adding, cancellationToken);
        }

        if (State.Removing is { } removing)
        {
            await FinishRemoveAsync(removing, cancellationToken);
        }
    }

    public Task<Holdings> GetAsync(CancellationToken cancellationToken) => Task.FromResult(new Holdings(State.Barcodes));

    protected override bool IsListed => false;

    protected override Projection? Project(long rowVersion) => HoldingsState.Project(Key, rowVersion, State);

    private async Task<Result<Copy>> FinishAddAsync(AddCopy command, CancellationToken cancellationToken)
    {
        var copy = await GrainFactory.Copy(command.Barcode).RegisterAsync(
            new(command.Operation, this.Isbn, command.Branch, command.ShelfMark), cancellationToken);
        await CommitAsync(
            copy.IsAccepted ? HoldingsRules.FinishAdd(State, command, Now) : HoldingsRules.DropAdd(State),
            cancellationToken);
        return copy;
    }

    private async Task<Result<Copy>> FinishRemoveAsync(CopyRemoval removal, CancellationToken cancellationToken)
    {
        var copy = await GrainFactory.Copy(removal.Barcode).WithdrawAsync(removal.Operation, cancellationToken);
        await CommitAsync(
            copy.Rejection == CopyRejections.Lent
                ? HoldingsRules.DropRemove(State)
                : HoldingsRules.FinishRemove(State, removal, Now),
            cancellationToken);
        return copy;
    }
}
