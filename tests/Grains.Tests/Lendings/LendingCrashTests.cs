using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Lendings;

namespace Lms.Grains.Tests.Lendings;

/// <summary>Lending a book is cut short at every write, in every way, and finished by whoever comes by.</summary>
public sealed class LendingCrashTests(ClusterFixture fixture) : LendingTest(fixture)
{
    /// <summary>The writes of a lending in their order, with every cut, every finisher, and memory kept or lost.</summary>
    public static TheoryData<string, Cut, Finisher, bool> LendingSteps => Crash.OrNot(AccountState.Name, CopyState.Name, LendingState.Name);

    public static TheoryData<string, Cut, bool> RetriedSteps =>
        [.. LendingSteps.Where(row => row.Data.Item3 == Finisher.Retry).Select(row => (row.Data.Item1, row.Data.Item2, row.Data.Item4))];

    /// <summary>The writes of undoing a lending in their order.</summary>
    public static TheoryData<string, Cut, Finisher, bool> UndoingSteps => Crash.OrNot(LendingState.Name, CopyState.Name, AccountState.Name);

    /// <summary>The writes of refusing a lending that finds no copy.</summary>
    public static TheoryData<string, Cut, Finisher, bool> RefusingSteps => Crash.OrNot(LendingState.Name, AccountState.Name);

    [Theory]
    [MemberData(nameof(LendingSteps))]
    public async Task Lending_that_was_cut_short_happens_whole_or_not_at_all(string step, Cut cut, Finisher finisher, bool crashed)
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var command = Any.Lend(isbn);
        var interruption = Storage.Interrupt(cut, step, KeyOfStep(step, reader, copy));

        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(command, Token));
        await FinishAsync(finisher, reader, command, crashed);

        Assert.True(interruption.Struck.IsCompleted);
        AssertConsistent();
        var happened = finisher == Finisher.Retry || (step, cut) == (LendingState.Name, Cut.ReplyIsLost);
        Assert.Equal(happened ? 1 : 0, ActiveLendings(reader).Count(lending => lending.Isbn == isbn));
        Assert.Equal(happened, HolderOf(copy) is not null);
    }

    [Theory]
    [MemberData(nameof(RetriedSteps))]
    public async Task A_retry_answers_the_lending_that_was_cut_short_under_one_number(string step, Cut cut, bool crashed)
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var command = Any.Lend(isbn);
        Storage.Interrupt(cut, step, KeyOfStep(step, reader, copy));
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(command, Token));
        await (crashed ? CrashAsync(reader) : Task.CompletedTask);

        var first = await LendAsync(reader, command);
        await CrashAsync(reader);
        var second = await LendAsync(reader, command);

        Assert.Equal(first, second);
        Assert.Equal(copy, second.Barcode);
        Assert.Equal(second.Number, HolderOf(copy));
        AssertConsistent();
    }

    [Theory]
    [MemberData(nameof(UndoingSteps))]
    public async Task Undoing_that_was_cut_short_is_finished(string step, Cut cut, Finisher finisher, bool crashed)
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var (first, second) = (await AddCopyAsync(isbn), await AddCopyAsync(isbn));
        var command = Any.Lend(isbn);
        Storage.FailWrite(LendingState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(command, Token));
        var number = Assert.Single(Entries(reader)).Number;
        Advance(PastDeadline);

        var interruption = Storage.Interrupt(cut, step, KeyOfStep(step, reader, first));
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).ResumeAsync(Token));
        await FinishAsync(finisher, reader, command, crashed);

        Assert.True(interruption.Struck.IsCompleted);
        AssertConsistent();
        Assert.True(Storage.Find<LendingState>(LendingState.Name, KeyOf(number))!.IsVoid);
        Assert.DoesNotContain(Entries(reader), entry => entry.Number == number);
        Assert.All([first, second], copy => Assert.Contains(
            Storage.Find<CopyState>(CopyState.Name, KeyOf(copy))!.Released, released => released.Number == number));
        Assert.Equal(finisher == Finisher.Retry ? 1 : 0, ActiveLendings(reader).Count(lending => lending.Isbn == isbn));
    }

    [Theory]
    [MemberData(nameof(RefusingSteps))]
    public async Task A_refusal_that_was_cut_short_leaves_nothing_behind(string step, Cut cut, Finisher finisher, bool crashed)
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var holder = await LendAsync(NewReader(), Any.Lend(isbn));
        var command = Any.Lend(isbn);

        // The first write of the account adds the entry; the one that drops it is cut short.
        var entry = Storage.HoldReply(AccountState.Name, KeyOf(reader));
        var lending = Grains.Account(reader).LendAsync(command, Token);
        await entry.Struck;
        var interruption = Storage.Interrupt(cut, step, step == AccountState.Name ? KeyOf(reader) : null);
        entry.Release();
        await Assert.ThrowsAsync<GrainFault>(() => lending);
        var retried = await FinishAsync(finisher, reader, command, crashed);

        Assert.True(interruption.Struck.IsCompleted);
        AssertConsistent();
        Assert.Equal(finisher == Finisher.Retry ? LendingRejections.NoCopy : null, retried?.Rejection);
        Assert.DoesNotContain(Entries(reader), entry => entry.Isbn == isbn);
        Assert.Equal(holder.Number, HolderOf(copy));
    }

    [Fact]
    public async Task A_lending_that_was_begun_counts_until_its_deadline_has_passed()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        await AddCopyAsync(isbn);
        Storage.FailWrite(LendingState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(Any.Lend(isbn), Token));

        Advance(new LendingOptions().PendingFor);
        await Grains.Account(reader).ResumeAsync(Token);
        var atDeadline = Entries(reader).Length;
        Advance(TimeSpan.FromMilliseconds(1));
        await Grains.Account(reader).ResumeAsync(Token);

        Assert.Equal(1, atDeadline);
        Assert.Empty(Entries(reader));
        AssertConsistent();
    }

    [Fact]
    public async Task A_lending_that_was_begun_counts_towards_the_limit()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        await AddCopyAsync(isbn);
        await LendAsync(reader, Any.LendBook);
        await LendAsync(reader, Any.LendBook);
        Storage.FailWrite(LendingState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(Any.Lend(isbn), Token));
        await CrashAsync(reader);

        var fourth = await Grains.Account(reader).LendAsync(Any.LendBook, Token);

        Assert.Equal(LendingRejections.LimitReached, fourth.Rejection);
    }

    [Fact]
    public async Task A_retry_that_finds_an_earlier_candidate_free_again_holds_one_copy()
    {
        var (reader, other, isbn) = (NewReader(), NewReader(), Any.Isbn);
        var (first, second) = (await AddCopyAsync(isbn), await AddCopyAsync(isbn));
        var lent = await LendAsync(other, Any.Lend(isbn));
        var command = Any.Lend(isbn);
        Storage.FailWrite(LendingState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(command, Token));
        Assert.NotNull(HolderOf(second));
        await ReturnAsync(other, lent.Number);

        await LendAsync(reader, command);

        AssertConsistent();
        Assert.Single([first, second], copy => HolderOf(copy) is not null);
    }

    [Fact]
    public async Task A_copy_that_a_crashed_retry_left_with_the_lending_is_released_by_the_sweeper()
    {
        var (reader, other, isbn) = (NewReader(), NewReader(), Any.Isbn);
        var (first, second) = (await AddCopyAsync(isbn), await AddCopyAsync(isbn));
        var lent = await LendAsync(other, Any.Lend(isbn));
        var command = Any.Lend(isbn);
        Storage.FailWrite(LendingState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(command, Token));
        await ReturnAsync(other, lent.Number);
        Storage.FailWrite(CopyState.Name, KeyOf(second));
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(command, Token));
        await CrashAsync(reader);
        Assert.All([first, second], copy => Assert.NotNull(HolderOf(copy)));

        await Cluster.SweepAsync(Token);

        AssertConsistent();
        Assert.Equal(Assert.Single(ActiveLendings(reader)).Number, HolderOf(first));
    }

    [Fact]
    public async Task A_barcode_that_no_copy_has_is_refused_even_after_a_crash()
    {
        var reader = NewReader();
        var command = Any.Lend(Any.Isbn, Any.Barcode);
        Storage.FailWrite(LendingState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).LendAsync(command, Token));
        await CrashAsync(reader);

        var retried = await Grains.Account(reader).LendAsync(command, Token);

        Assert.Equal(LendingRejections.NoCopy, retried.Rejection);
        Assert.Empty(Entries(reader));
    }

    [Fact]
    public async Task A_barcode_that_went_to_another_book_is_not_held_by_a_lending_of_its_former_book()
    {
        var (reader, isbn, otherIsbn) = (NewReader(), Any.Isbn, Any.Isbn);
        var (moved, stayed) = (await AddCopyAsync(isbn), await AddCopyAsync(isbn));
        var copy = Storage.Find<CopyState>(CopyState.Name, KeyOf(moved))!;
        Storage.Overwrite(CopyState.Name, KeyOf(moved), copy with { Copy = copy.Copy! with { Isbn = otherIsbn } });
        await Cluster.ForgetAsync(Grains.Copy(moved));

        var lent = await LendAsync(reader, Any.Lend(isbn));

        Assert.Equal(stayed, lent.Barcode);
        Assert.Null(HolderOf(moved));
        AssertConsistent();
    }

    private static string? KeyOfStep(string step, ReaderNumber reader, Barcode copy) => step switch
    {
        AccountState.Name => KeyOf(reader),
        CopyState.Name => KeyOf(copy),
        _ => null, // the number is given out on the way
    };

    private async Task<Result<Lending>?> FinishAsync(
        Finisher finisher, ReaderNumber reader, LendBook command, bool crashed)
    {
        if (crashed)
        {
            await CrashAsync(reader);
        }

        switch (finisher)
        {
            case Finisher.Retry:
                return await Grains.Account(reader).LendAsync(command, Token);
            case Finisher.NextTouch:
                Advance(PastDeadline);
                await LendAsync(reader, Any.LendBook);
                return null;
            default:
                Advance(PastDeadline);
                await Cluster.SweepAsync(Token);
                return null;
        }
    }
}
