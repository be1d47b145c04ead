using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Lendings;

namespace Lms.Grains.Tests.Lendings;

public sealed class AccountRulesTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(2, null)]
    [InlineData(3, "lending-limit")]
    [InlineData(7, "lending-limit")]
    public void A_reader_has_three_open_lendings_at_most(int open, string? code) => Assert.Equal(
        code, AccountRules.CheckLend(Account(Enumerable.Repeat(Any.Day, open)), Any.Day, 3)?.Code);

    [Theory]
    [InlineData(0, null)] // due today is not late
    [InlineData(1, "reader-overdue")]
    public void A_reader_with_a_late_book_gets_no_other(int daysLate, string? code) => Assert.Equal(
        code, AccountRules.CheckLend(Account([Any.Day.AddDays(30), Any.Day.AddDays(-daysLate)]), Any.Day, 3)?.Code);

    [Fact]
    public void A_late_book_is_told_before_the_limit() => Assert.Equal(
        LendingRejections.HasOverdue, AccountRules.CheckLend(Account([.. Enumerable.Repeat(Any.Day.AddDays(-1), 3)]), Any.Day, 3));

    [Fact]
    public void A_book_is_lent_for_fifteen_days_from_today_at_the_fine_of_today()
    {
        var entry = AccountRules.NewEntry(Any.LendBook, Any.LendingNumber, [], new(), new(2026, 2, 20), Any.Instant);

        Assert.Equal((new DateOnly(2026, 2, 20), new DateOnly(2026, 3, 7), 200), (entry.StartedOn, entry.DueOn, entry.FinePerDayInCents));
        Assert.Equal(Any.Instant + new LendingOptions().PendingFor, entry.Deadline);
    }

    [Fact]
    public void A_closed_entry_is_gone_and_its_operation_remembered_with_the_number()
    {
        var entry = Entry(Any.Day);
        var state = new AccountState { Entries = [Entry(Any.Day), entry] };

        var closed = AccountRules.Close(state, entry, Any.Instant);

        Assert.Equal([state.Entries[0]], closed.Entries);
        Assert.Equal(entry.Number.ToString(), Assert.Single(closed.Operations).Outcome);
    }

    [Fact]
    public void Opening_and_dropping_concern_one_entry()
    {
        var state = Account([Any.Day, Any.Day]);
        var (first, second) = (state.Entries[0], state.Entries[1]);
        var barcode = Any.Barcode;

        Assert.Equal([first with { IsOpen = true, Barcode = barcode }, second], AccountRules.Open(state, first.Number, barcode).Entries);
        Assert.Equal([second], AccountRules.Drop(state, first.Number).Entries);
    }

    private static AccountState Account(IEnumerable<DateOnly> dueOn) => new() { Entries = [.. dueOn.Select(Entry)] };

    private static AccountEntry Entry(DateOnly dueOn) =>
        AccountRules.NewEntry(Any.LendBook, Any.LendingNumber, [], new(), Any.Day, Any.Instant) with { DueOn = dueOn };
}
