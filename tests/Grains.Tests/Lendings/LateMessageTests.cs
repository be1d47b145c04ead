using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Lendings;

namespace Lms.Grains.Tests.Lendings;

/// <summary>Messages that arrive after their sender has been replaced, and senders that do not know they were.</summary>
public sealed class LateMessageTests(ClusterFixture fixture) : LendingTest(fixture)
{
    [Fact]
    public async Task A_copy_refuses_the_late_take_of_a_lending_that_gave_it_back()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var lent = await LendAsync(reader, Any.Lend(isbn));
        await ReturnAsync(reader, lent.Number);

        var late = await Grains.Copy(copy).TakeAsync(lent.Number, reader, Token);

        Assert.Equal(CopyRejections.NotFree, late.Rejection);
        AssertConsistent();
    }

    [Fact]
    public async Task A_copy_refuses_the_late_take_of_a_lending_that_was_undone_before_it_took_the_copy()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        Storage.FailWrite(CopyState.Name, KeyOf(copy));
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(Any.Lend(isbn), Token));
        var number = Assert.Single(Entries(reader)).Number;
        Advance(PastDeadline);
        await Grains.Account(reader).ResumeAsync(Token);

        var late = await Grains.Copy(copy).TakeAsync(number, reader, Token);

        Assert.Equal(CopyRejections.NotFree, late.Rejection);
        AssertConsistent();
    }

    [Fact]
    public async Task A_late_release_does_not_take_the_copy_from_the_lending_that_has_it_now()
    {
        var (first, second, isbn) = (NewReader(), NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var lent = await LendAsync(first, Any.Lend(isbn));
        await ReturnAsync(first, lent.Number);
        var lentAgain = await LendAsync(second, Any.Lend(isbn));

        await Grains.Copy(copy).ReleaseAsync(lent.Number, Token);

        Assert.Equal(lentAgain.Number, HolderOf(copy));
        AssertConsistent();
    }

    [Fact]
    public async Task A_number_that_was_made_void_is_never_opened()
    {
        var (number, reader) = (Any.LendingNumber, NewReader());
        var open = new OpenLending(Any.Operation, Any.Lending(number, reader), Any.Instant);
        await Grains.Lending(number).VoidAsync(Any.Operation, Token);

        var late = await Grains.Lending(number).OpenAsync(open, Token);

        Assert.Equal(LendingRejections.Void, late.Rejection);
    }

    [Fact]
    public async Task A_lending_that_was_opened_is_never_made_void()
    {
        var (number, reader) = (Any.LendingNumber, NewReader());
        var open = new OpenLending(Any.Operation, Any.Lending(number, reader), Any.Instant);
        await Grains.Lending(number).OpenAsync(open, Token);

        var late = await Grains.Lending(number).VoidAsync(Any.Operation, Token);

        Assert.Equal(open.Lending, late.Value);
        Assert.False(Storage.Find<LendingState>(LendingState.Name, KeyOf(number))!.IsVoid);
    }

    [Fact]
    public async Task Of_open_and_void_in_two_activations_the_one_that_is_stored_first_wins()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var command = Any.Lend(isbn);
        var opening = Storage.HoldWrite(LendingState.Name);
        var lending = Grains.Account(reader).LendAsync(command, Token);
        await opening.Struck;
        var number = Assert.Single(Entries(reader)).Number;
        Storage.Overwrite(LendingState.Name, KeyOf(number), new LendingState { IsVoid = true });

        opening.Release();
        var fault = await Assert.ThrowsAsync<GrainFault>(() => lending);
        var retried = await LendAsync(reader, command);

        Assert.Equal(FaultKind.Conflict, fault.Kind);
        Assert.NotEqual(number, retried.Number);
        Assert.Null(Storage.Find<LendingState>(LendingState.Name, KeyOf(number))!.Lending);
    }

    [Fact]
    public async Task A_lending_that_turns_out_void_while_it_is_opened_is_undone_and_may_be_tried_again()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var command = Any.Lend(isbn);
        var taking = Storage.HoldWrite(CopyState.Name, KeyOf(copy));
        var lending = Grains.Account(reader).LendAsync(command, Token);
        await taking.Struck;
        var number = Assert.Single(Entries(reader)).Number;
        await Grains.Lending(number).VoidAsync(Any.Operation, Token);

        taking.Release();
        var fault = await Assert.ThrowsAsync<GrainFault>(() => lending);

        Assert.True(fault.IsRetryable);
        Assert.Empty(Entries(reader));
        Assert.Null(HolderOf(copy));
        AssertConsistent();
    }

    [Fact]
    public async Task A_lending_that_was_opened_in_another_activation_while_it_is_being_undone_has_begun()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        Storage.FailWrite(LendingState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(Any.Lend(isbn), Token));
        var entry = Assert.Single(Entries(reader));
        Advance(PastDeadline);
        var undone = Storage.HoldWrite(LendingState.Name, KeyOf(entry.Number));
        var undoing = Grains.Account(reader).ResumeAsync(Token);
        await undone.Struck;
        var opened = LendingRules.Open(new(), AccountRules.Opening(entry, reader, copy), Cluster.Calendar.Now);
        Storage.Overwrite(LendingState.Name, KeyOf(entry.Number), opened.Value!);

        undone.Release();
        var fault = await Assert.ThrowsAsync<GrainFault>(() => undoing);
        await Grains.Account(reader).ResumeAsync(Token);

        Assert.Equal(FaultKind.Conflict, fault.Kind);
        Assert.Equal(entry.Number, HolderOf(copy));
        AssertConsistent();
        await ReturnAsync(reader, entry.Number);
        AssertConsistent();
    }

    [Fact]
    public async Task A_lending_that_has_begun_is_answered_although_no_copy_is_free_any_more()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var command = Any.Lend(isbn);
        Storage.FailWrite(LendingState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(command, Token));
        var entry = Assert.Single(Entries(reader));
        var state = Storage.Find<CopyState>(CopyState.Name, KeyOf(copy))!;
        Storage.Overwrite(CopyState.Name, KeyOf(copy), state with { Copy = state.Copy! with { Lending = Any.LendingNumber } });
        await Cluster.ForgetAsync(Grains.Copy(copy));

        // The retry has found no lending and asks for the copy; meanwhile the open of the first attempt arrives.
        var asked = Storage.HoldRead(CopyState.Name, KeyOf(copy));
        var retrying = Grains.Account(reader).LendAsync(command, Token);
        await asked.Struck;
        await Grains.Lending(entry.Number).OpenAsync(AccountRules.Opening(entry, reader, copy), Token);
        asked.Release();
        var retried = await retrying;

        Assert.Equal(entry.Number, retried.Value?.Number);
        Assert.Equal([entry.Number], Entries(reader).Select(counted => counted.Number));
        Assert.False(Storage.Find<LendingState>(LendingState.Name, KeyOf(entry.Number))!.IsVoid);
    }

    [Fact]
    public async Task An_account_that_was_replaced_meets_a_conflict_and_works_from_the_truth_at_the_next_call()
    {
        var reader = NewReader();
        await LendAsync(reader, Any.LendBook);
        var state = Storage.Find<AccountState>(AccountState.Name, KeyOf(reader))!;
        var open = await OpenElsewhereAsync(reader, 2);
        Storage.Overwrite(AccountState.Name, KeyOf(reader), state with { Entries = [.. state.Entries, .. open] });

        var fault = await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(Any.LendBook, Token));
        var next = await Grains.Account(reader).LendAsync(Any.LendBook, Token);

        Assert.Equal(FaultKind.Conflict, fault.Kind);
        Assert.Equal(LendingRejections.LimitReached, next.Rejection);
        AssertConsistent();
    }

    [Fact]
    public async Task A_copy_that_was_replaced_meets_a_conflict_and_is_not_lent_twice()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var number = (await OpenElsewhereAsync(NewReader(), 1))[0].Number;
        var state = Storage.Find<CopyState>(CopyState.Name, KeyOf(copy))!;
        Storage.Overwrite(CopyState.Name, KeyOf(copy), state with { Copy = state.Copy! with { Lending = number } });
        var command = Any.Lend(isbn);

        var fault = await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(command, Token));
        var retried = await Grains.Account(reader).LendAsync(command, Token);

        Assert.Equal(FaultKind.Conflict, fault.Kind);
        Assert.Equal(LendingRejections.NoCopy, retried.Rejection);
        Assert.Empty(Entries(reader));
        Assert.Equal(number, HolderOf(copy));
    }

    [Fact]
    public async Task A_number_that_another_readers_lending_has_is_never_shared()
    {
        var (reader, other) = (NewReader(), NewReader());
        var (year, next) = (Today.Year, (await LendAsync(other, Any.LendBook)).Number.Sequence + 1);
        var loaded = Any.Lending(new(year, next), other);
        await Grains.Account(other).LoadAsync(new(Any.Operation, [loaded]), Token);
        var command = Any.LendBook;

        var fault = await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(command, Token));
        var retried = await LendAsync(reader, command);

        Assert.True(fault.IsRetryable);
        Assert.NotEqual(loaded.Number, retried.Number);
        Assert.Equal(reader, retried.Reader);
        AssertConsistent();
    }

    [Fact]
    public async Task An_account_does_not_return_the_lending_of_another_reader()
    {
        var (reader, other) = (NewReader(), NewReader());
        var lent = await LendAsync(other, Any.LendBook);

        var returned = await Grains.Account(reader).ReturnAsync(Any.Return(lent.Number), Token);

        Assert.Equal(LendingRejections.Unknown(lent.Number), returned.Rejection);
        AssertConsistent();
    }

    /// <summary>Lendings that another activation of the account has made: stored, and known to nobody in memory.</summary>
    private async Task<AccountEntry[]> OpenElsewhereAsync(Abstractions.Readers.ReaderNumber reader, int count)
    {
        var entries = new List<AccountEntry>();
        for (var i = 0; i < count; i++)
        {
            var operation = Any.Operation;
            var lending = Any.Lending(Any.LendingNumber, reader) with { StartedOn = Today, DueOn = Today.AddDays(15) };
            await Grains.Lending(lending.Number).OpenAsync(new(operation, lending, Cluster.Calendar.Now), Token);
            entries.Add(AccountRules.EntryOf(lending, operation, Cluster.Calendar.Now));
        }

        return [.. entries];
    }
}
