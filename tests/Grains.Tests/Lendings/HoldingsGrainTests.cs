using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Lendings;

namespace Lms.Grains.Tests.Lendings;

/// <summary>Adding and withdrawing a copy writes the holdings, the copy and the holdings again.</summary>
public sealed class HoldingsGrainTests(ClusterFixture fixture) : LendingTest(fixture)
{
    private static readonly TimeSpan s_pastGrace = TimeSpan.FromSeconds(11);

    public static TheoryData<string, int, Cut, Finisher> Steps =>
        Crash.At((HoldingsState.Name, 0), (CopyState.Name, 0), (HoldingsState.Name, 1));

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_copy_whose_adding_was_cut_short_is_listed_if_and_only_if_it_exists(
        string state, int before, Cut cut, Finisher finisher)
    {
        var (isbn, command) = (Any.Isbn, new AddCopy(Any.Operation, Any.Barcode, "Centro", "82-P"));
        var interruption = Storage.Interrupt(cut, state, key: null, before);

        await Assert.ThrowsAsync<GrainFault>(() => Grains.Holdings(isbn).AddAsync(command, Token));
        await Cluster.ForgetAsync(Grains.Holdings(isbn));
        await FinishAsync(finisher, isbn, () => Grains.Holdings(isbn).AddAsync(command, Token));

        Assert.True(interruption.Struck.IsCompleted);
        var nothingStored = (state, before) == (HoldingsState.Name, 0) && cut != Cut.ReplyIsLost;
        var happened = finisher == Finisher.Retry || !nothingStored;
        var copy = await Grains.Copy(command.Barcode).GetAsync(Token);
        Assert.Equal(happened, copy.Value is { Branch: "Centro", ShelfMark: "82-P" });
        Assert.Equal(happened, (await Grains.Holdings(isbn).GetAsync(Token)).Barcodes.Contains(command.Barcode));
        Assert.Null(Storage.Find<HoldingsState>(HoldingsState.Name, $"{LendingGrains.HoldingsPrefix}{isbn}")?.Adding);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_copy_whose_withdrawal_was_cut_short_is_listed_if_and_only_if_it_exists(
        string state, int before, Cut cut, Finisher finisher)
    {
        var (isbn, operation) = (Any.Isbn, Any.Operation);
        var copy = await AddCopyAsync(isbn);
        var interruption = Storage.Interrupt(cut, state, key: null, before);

        await Assert.ThrowsAsync<GrainFault>(() => Grains.Holdings(isbn).WithdrawAsync(operation, copy, Token));
        await Cluster.ForgetAsync(Grains.Holdings(isbn));
        await FinishAsync(finisher, isbn, () => Grains.Holdings(isbn).WithdrawAsync(operation, copy, Token));

        Assert.True(interruption.Struck.IsCompleted);
        var nothingStored = (state, before) == (HoldingsState.Name, 0) && cut != Cut.ReplyIsLost;
        var happened = finisher == Finisher.Retry || !nothingStored;
        Assert.Equal(happened, !(await Grains.Copy(copy).GetAsync(Token)).IsAccepted);
        Assert.Equal(happened, !(await Grains.Holdings(isbn).GetAsync(Token)).Barcodes.Contains(copy));
    }

    [Fact]
    public async Task A_barcode_that_another_book_has_is_refused_and_not_listed()
    {
        var (isbn, otherIsbn) = (Any.Isbn, Any.Isbn);
        var copy = await AddCopyAsync(otherIsbn);

        var refused = await Grains.Holdings(isbn).AddAsync(new(Any.Operation, copy, null, null), Token);

        Assert.Equal(CopyRejections.Exists, refused.Rejection);
        Assert.Empty((await Grains.Holdings(isbn).GetAsync(Token)).Barcodes);
    }

    [Fact]
    public async Task A_book_does_not_withdraw_the_copy_of_another_book()
    {
        var (isbn, otherIsbn) = (Any.Isbn, Any.Isbn);
        var copy = await AddCopyAsync(otherIsbn);

        var refused = await Grains.Holdings(isbn).WithdrawAsync(Any.Operation, copy, Token);

        Assert.Equal(CopyRejections.Unknown(copy), refused.Rejection);
        Assert.True((await Grains.Copy(copy).GetAsync(Token)).IsAccepted);
    }

    [Fact]
    public async Task A_copy_that_is_lent_is_not_withdrawn_until_it_is_back()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var lent = await LendAsync(reader, Any.Lend(isbn));

        var refused = await Grains.Holdings(isbn).WithdrawAsync(Any.Operation, copy, Token);
        await ReturnAsync(reader, lent.Number);
        var withdrawn = await Grains.Holdings(isbn).WithdrawAsync(Any.Operation, copy, Token);

        Assert.Equal(CopyRejections.Lent, refused.Rejection);
        Assert.True(withdrawn.Value?.IsWithdrawn);
    }

    [Fact]
    public async Task A_repeated_withdrawal_gets_the_first_answer_again()
    {
        var (isbn, operation) = (Any.Isbn, Any.Operation);
        var copy = await AddCopyAsync(isbn);
        var first = await Grains.Holdings(isbn).WithdrawAsync(operation, copy, Token);

        var second = await Grains.Holdings(isbn).WithdrawAsync(operation, copy, Token);

        Assert.Equal(first.Value, second.Value);
    }

    [Fact]
    public async Task A_barcode_may_be_used_again_after_its_copy_was_withdrawn()
    {
        var (isbn, otherIsbn) = (Any.Isbn, Any.Isbn);
        var barcode = await AddCopyAsync(isbn);
        await Grains.Holdings(isbn).WithdrawAsync(Any.Operation, barcode, Token);

        var again = await Grains.Holdings(otherIsbn).AddAsync(new(Any.Operation, barcode, null, null), Token);

        Assert.Equal(otherIsbn, again.Value?.Isbn);
        Assert.Equal([barcode], (await Grains.Holdings(otherIsbn).GetAsync(Token)).Barcodes);
    }

    [Fact]
    public async Task A_book_whose_last_copy_was_withdrawn_is_lent_without_copies()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        await Grains.Holdings(isbn).WithdrawAsync(Any.Operation, copy, Token);

        var lent = await LendAsync(reader, Any.Lend(isbn));

        Assert.Null(lent.Barcode);
    }

    private async Task FinishAsync(Finisher finisher, Isbn isbn, Func<Task<Result<Copy>>> retry)
    {
        switch (finisher)
        {
            case Finisher.Retry:
                Assert.True((await retry()).IsAccepted);
                break;
            case Finisher.NextTouch:
                await AddCopyAsync(isbn);
                break;
            default:
                Advance(s_pastGrace);
                await Cluster.SweepAsync(Token);
                break;
        }
    }
}
