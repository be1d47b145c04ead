using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Lendings;

namespace Lms.Grains.Tests.Lendings;

public sealed class CopyRulesTests
{
    private static readonly Barcode s_barcode = Barcode.Of("C-1");
    private static readonly ReaderNumber s_reader = new(2026, 1);
    private static readonly LendingNumber s_first = new(2026, 1);
    private static readonly LendingNumber s_second = new(2026, 2);

    [Fact]
    public void A_free_copy_goes_to_the_first_who_takes_it_and_to_nobody_else()
    {
        var taken = Take(Registered(), s_first).Value!;

        Assert.Equal((s_first, s_reader, 1), (taken.Copy!.Lending, taken.Copy.Reader, taken.Copy.Version));
        Assert.Same(taken, Take(taken, s_first).Value);
        Assert.Equal(CopyRejections.NotFree, Take(taken, s_second).Rejection);
    }

    [Fact]
    public void A_released_copy_may_be_taken_by_others_but_not_again_by_the_same_lending()
    {
        var released = CopyRules.Release(Take(Registered(), s_first).Value!, s_first, Any.Instant);

        Assert.Equal((null, null, 2), (released.Copy!.Lending, released.Copy.Reader, released.Copy.Version));
        Assert.Equal(CopyRejections.NotFree, Take(released, s_first).Rejection);
        Assert.Equal(s_second, Take(released, s_second).Value?.Copy?.Lending);
    }

    [Fact]
    public void A_copy_that_was_given_up_before_it_was_taken_refuses_the_late_take()
    {
        var given = CopyRules.Release(Registered(), s_first, Any.Instant);

        Assert.Equal(CopyRejections.NotFree, Take(given, s_first).Rejection);
        Assert.Equal(0, given.Copy!.Version);
    }

    [Fact]
    public void A_late_release_takes_the_copy_from_nobody_else()
    {
        var taken = Take(Registered(), s_second).Value!;

        var late = CopyRules.Release(taken, s_first, Any.Instant);

        Assert.Equal(taken.Copy, late.Copy);
        Assert.Same(late, CopyRules.Release(late, s_first, Any.Instant));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public void A_release_is_remembered_for_an_hour(int milliseconds, bool isRemembered)
    {
        var released = CopyRules.Release(Registered(), s_first, Any.Instant);

        var later = CopyRules.Release(released, s_second, Any.Instant + CopyRules.ReleasedFor + TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(isRemembered, later.Released.Any(lending => lending.Number == s_first));
        Assert.Contains(later.Released, lending => lending.Number == s_second);
    }

    [Fact]
    public void A_copy_that_does_not_exist_is_neither_taken_nor_released_nor_changed()
    {
        var unknown = CopyRejections.Unknown(s_barcode);
        var nothing = new CopyState();

        Assert.Equal(unknown, Take(nothing, s_first).Rejection);
        Assert.Same(nothing, CopyRules.Release(nothing, s_first, Any.Instant));
        Assert.Equal(unknown, CopyRules.Change(nothing, s_barcode, new(Any.Operation, 0, null, null), Any.Instant).Rejection);
        Assert.Equal(unknown, CopyRules.Withdraw(nothing, s_barcode, Any.Operation, Any.Instant).Rejection);
    }

    [Fact]
    public void A_withdrawn_copy_is_as_if_it_did_not_exist()
    {
        var withdrawn = CopyRules.Withdraw(Registered(), s_barcode, Any.Operation, Any.Instant).Value!;
        var unknown = CopyRejections.Unknown(s_barcode);

        Assert.Equal(unknown, Take(withdrawn, s_first).Rejection);
        Assert.Equal(unknown, CopyRules.Withdraw(withdrawn, s_barcode, Any.Operation, Any.Instant).Rejection);
        Assert.Equal(unknown, CopyRules.Change(withdrawn, s_barcode, new(Any.Operation, 1, "B", null), Any.Instant).Rejection);
    }

    [Fact]
    public void A_lent_copy_is_not_withdrawn() => Assert.Equal(
        CopyRejections.Lent,
        CopyRules.Withdraw(Take(Registered(), s_first).Value!, s_barcode, Any.Operation, Any.Instant).Rejection);

    [Fact]
    public void A_barcode_is_registered_once_and_again_after_the_copy_was_withdrawn()
    {
        var command = new RegisterCopy(Any.Operation, Any.Isbn, null, null);
        var registered = CopyRules.Register(new(), s_barcode, command, Any.Instant).Value!;
        var other = command with { Operation = Any.Operation, Isbn = Any.Isbn };
        var withdrawn = CopyRules.Withdraw(registered, s_barcode, Any.Operation, Any.Instant).Value!;

        Assert.Same(registered, CopyRules.Register(registered, s_barcode, command, Any.Instant).Value);
        Assert.Equal(CopyRejections.Exists, CopyRules.Register(registered, s_barcode, other, Any.Instant).Rejection);
        Assert.Equal((other.Isbn, 2), CopyRules.Register(withdrawn, s_barcode, other, Any.Instant).Value?.Copy is { } c
            ? (c.Isbn, c.Version)
            : default);
    }

    [Theory]
    [InlineData(100, 100, null)]
    [InlineData(101, 0, "branch-too-long")]
    [InlineData(0, 101, "shelf-mark-too-long")]
    public void Branch_and_shelf_mark_have_100_characters_at_most(int branch, int shelfMark, string? code) =>
        Assert.Equal(code, CopyRules.Check(new('a', branch), new('a', shelfMark))?.Code);

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "stale-version")]
    public void A_change_is_for_those_who_saw_the_copy_as_it_is(int version, string? code) => Assert.Equal(
        code, CopyRules.Change(Registered(), s_barcode, new(Any.Operation, version, "B", null), Any.Instant).Rejection?.Code);

    [Theory]
    [InlineData(999, null)]
    [InlineData(1000, "too-many-copies")]
    public void A_book_has_a_thousand_copies_at_most(int copies, string? code)
    {
        var holdings = new HoldingsState { Barcodes = [.. Enumerable.Range(0, copies).Select(i => Barcode.Of($"B-{i}"))] };

        var begun = HoldingsRules.BeginAdd(holdings, new(Any.Operation, s_barcode, null, null), Any.Instant);

        Assert.Equal(code, begun.Rejection?.Code);
    }

    [Fact]
    public void Copies_are_listed_once_in_the_order_they_came()
    {
        var (first, second) = (Adding("B-1"), Adding("B-2"));

        var state = HoldingsRules.FinishAdd(HoldingsRules.FinishAdd(new(), first, Any.Instant), second, Any.Instant);

        Assert.Equal([first.Barcode, second.Barcode], state.Barcodes);
        Assert.Equal(2, HoldingsRules.FinishAdd(state, first, Any.Instant).Barcodes.Length);
        Assert.Equal([second.Barcode], HoldingsRules.FinishRemove(state, new(Any.Operation, first.Barcode), Any.Instant).Barcodes);
    }

    private static AddCopy Adding(string barcode) => new(Any.Operation, Barcode.Of(barcode), null, null);

    private static CopyState Registered() =>
        CopyRules.Register(new(), s_barcode, new(Any.Operation, Any.Isbn, "A", "1"), Any.Instant).Value!;

    private static Abstractions.Result<CopyState> Take(CopyState state, LendingNumber lending) =>
        CopyRules.Take(state, lending, s_reader, s_barcode);
}
