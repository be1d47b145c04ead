using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Lendings;

namespace Lms.Grains.Tests.Lendings;

public sealed class LendingRulesTests
{
    private static readonly LendingNumber s_number = new(2026, 7);
    private static readonly ReaderNumber s_reader = new(2026, 1);

    [Fact]
    public void Of_open_and_void_the_first_wins()
    {
        var open = Opening();
        var opened = LendingRules.Open(new(), open, Any.Instant).Value!;
        var voided = LendingRules.Void(new(), Any.Operation, Any.Instant);

        Assert.Same(opened, LendingRules.Void(opened, Any.Operation, Any.Instant));
        Assert.Equal(LendingRejections.Void, LendingRules.Open(voided, open, Any.Instant).Rejection);
        Assert.Same(voided, LendingRules.Void(voided, Any.Operation, Any.Instant));
    }

    [Fact]
    public void A_number_is_used_by_one_operation()
    {
        var open = Opening();
        var opened = LendingRules.Open(new(), open, Any.Instant).Value!;

        Assert.Same(opened, LendingRules.Open(opened, open, Any.Instant).Value);
        Assert.Equal(LendingRejections.NumberTaken, LendingRules.Open(opened, Opening(), Any.Instant).Rejection);
    }

    [Theory]
    [InlineData("2026-01-05", 0, 0)] // the day it was lent
    [InlineData("2026-01-20", 0, 0)] // the due date
    [InlineData("2026-01-21", 1, 200)]
    [InlineData("2026-01-30", 10, 2000)]
    [InlineData("2027-01-20", 365, 73000)] // no cap
    public void A_fine_is_200_cents_for_each_day_after_the_due_date(string returnedOn, int days, int fine)
    {
        var day = DateOnly.Parse(returnedOn, null);

        var open = Opening().Lending;
        var returned = Close(Opened(), Closing() with { Today = day }).Value!.Lending!;

        Assert.Equal((days, fine), (open.DaysOverdue(day), open.Fine(day)));
        Assert.Equal(fine > 0 ? fine : null, returned.FineInCents);
        Assert.Equal((day, 1), (returned.ReturnedOn!.Value, returned.Version));
    }

    [Fact]
    public void A_fine_is_final_once_the_book_is_back()
    {
        var returned = Close(Opened(), Closing() with { Today = new(2026, 1, 22) }).Value!.Lending!;

        Assert.Equal((2, 400), (returned.DaysOverdue(new(2026, 6, 1)), returned.Fine(new(2026, 6, 1))));
    }

    [Fact]
    public void The_fine_of_a_lending_is_that_of_the_day_it_was_made()
    {
        var dear = Opened() with { Lending = Opening().Lending with { FinePerDayInCents = 500 } };

        Assert.Equal(500, Close(dear, Closing() with { Today = new(2026, 1, 21) }).Value!.Lending!.FineInCents);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0, null)]
    [InlineData(10, null)]
    [InlineData(-1, "grade-invalid")]
    [InlineData(11, "grade-invalid")]
    public void A_grade_is_a_whole_number_from_0_to_10(int? grade, string? code)
    {
        var closed = Close(Opened(), Closing() with { Grade = grade });

        Assert.Equal(code, closed.Rejection?.Code);
        Assert.Equal(code is null ? grade : null, closed.Value?.Lending?.Grade);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1024, null)]
    [InlineData(1025, "commentary-too-long")]
    public void A_commentary_has_1024_characters_at_most(int length, string? code) =>
        Assert.Equal(code, Close(Opened(), Closing() with { Commentary = new('a', length) }).Rejection?.Code);

    [Theory]
    [InlineData(0, null)]
    [InlineData(null, null)] // at the desk nobody looked before
    [InlineData(1, "stale-version")]
    public void A_return_is_for_those_who_saw_the_lending_as_it_is(int? version, string? code) =>
        Assert.Equal(code, Close(Opened(), Closing() with { ExpectedVersion = version }).Rejection?.Code);

    [Fact]
    public void A_book_is_returned_once_and_a_repeat_gets_the_first_answer()
    {
        var command = Closing() with { ExpectedVersion = 0 };
        var closed = Close(Opened(), command).Value!;

        Assert.Same(closed, Close(closed, command with { Today = new(2026, 6, 1) }).Value);
        Assert.Equal(LendingRejections.Stale, Close(closed, Closing() with { ExpectedVersion = 0 }).Rejection);
        Assert.Equal(LendingRejections.AlreadyReturned, Close(closed, Closing() with { ExpectedVersion = 1 }).Rejection);
        Assert.Equal(LendingRejections.AlreadyReturned, Close(closed, Closing()).Rejection);
    }

    [Fact]
    public void What_was_never_lent_or_was_lent_to_another_is_not_returned()
    {
        var unknown = LendingRejections.Unknown(s_number);

        Assert.Equal(unknown, Close(new(), Closing()).Rejection);
        Assert.Equal(unknown, Close(new() { IsVoid = true }, Closing()).Rejection);
        Assert.Equal(unknown, Close(Opened(), Closing() with { Reader = new(2026, 2) }).Rejection);
    }

    [Fact]
    public void A_lending_tells_when_it_began_and_ended_and_by_whom()
    {
        var (librarian, reader) = (Any.UserId, Any.UserId);
        var open = Opening() with { Operation = Any.Operation with { By = librarian } };
        var opened = LendingRules.Open(new(), open, Any.Instant).Value!;

        var closed = LendingRules.Close(
            opened, s_number, Closing() with { Operation = Any.Operation with { By = reader } }, Any.Instant.AddDays(3)).Value!;

        Assert.Equal((open.StartedAt, librarian), (closed.StartedAt!.Value, closed.CreatedBy!.Value));
        Assert.Equal((Any.Instant.AddDays(3), reader), (closed.ReturnedAt!.Value, closed.ChangedBy!.Value));
    }

    // The lending began at nine.
    [Theory]
    [InlineData(-1, "returned-before-lent")]
    [InlineData(0, null)]
    [InlineData(60, null)]
    [InlineData(61, null)] // clocks differ by a minute at most
    [InlineData(62, "returned-in-future")]
    public void A_book_that_came_back_earlier_came_back_after_it_was_lent_and_before_now(int minutes, string? code)
    {
        var cameAt = Any.Instant.AddMinutes(minutes);

        var closed = LendingRules.Close(
            Opened(), s_number, Closing() with { ReturnedAt = cameAt, Today = new(2026, 1, 22) }, Any.Instant.AddHours(1));

        Assert.Equal(code, closed.Rejection?.Code);
        Assert.Equal(code is null ? (cameAt, 400) : (null, null), ((DateTimeOffset?, int?))(closed.Value?.ReturnedAt, closed.Value?.Lending?.FineInCents));
    }

    [Theory]
    [InlineData("2024/13", true)]
    [InlineData("1970/0", true)]
    [InlineData("1969/1", false)]
    [InlineData("2024/-1", false)]
    [InlineData("2024/+1", false)]
    [InlineData("2024/013", false)]
    [InlineData("02024/1", true)]
    [InlineData("2024/", false)]
    [InlineData("/1", false)]
    public void A_lending_number_is_a_year_and_a_sequence_without_padding(string text, bool isNumber) =>
        Assert.Equal(isNumber, LendingNumber.TryParse(text, out _));

    [Theory]
    [InlineData("A", true)]
    [InlineData("C-1_2.3#", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("é", false)]
    [InlineData("a\t", false)]
    [InlineData(null, false)]
    public void A_barcode_is_visible_ascii_without_a_slash(string? text, bool isBarcode) =>
        Assert.Equal(isBarcode, Barcode.TryParse(text, out _));

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void A_barcode_has_50_characters_at_most(int length, bool isBarcode) =>
        Assert.Equal(isBarcode, Barcode.TryParse(new('a', length), out _));

    private static OpenLending Opening() => new(Any.Operation, Any.Lending(s_number, s_reader), Any.Instant);

    private static LendingState Opened() => LendingRules.Open(new(), Opening(), Any.Instant).Value!;

    private static CloseLending Closing() => new(Any.Operation, null, Any.Day, null, null, s_reader);

    private static Abstractions.Result<LendingState> Close(LendingState state, CloseLending command) =>
        LendingRules.Close(state, s_number, command, Any.Instant);
}
