using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Readers;

namespace Lms.Grains.Tests.Readers;

public sealed class ReaderRulesTests
{
    [Theory]
    [InlineData("2014-06-15", "2026-06-15", null)] // the twelfth birthday
    [InlineData("2014-06-15", "2026-06-14", "reader-too-young")] // the day before
    [InlineData("2014-06-15", "2026-06-16", null)]
    [InlineData("2012-02-29", "2024-02-28", "reader-too-young")] // leap year to leap year
    [InlineData("2012-02-29", "2024-02-29", null)]
    [InlineData("2016-02-29", "2028-02-29", null)]
    [InlineData("2026-06-15", "2026-06-15", "reader-too-young")]
    [InlineData("2027-01-01", "2026-06-15", "reader-too-young")]
    [InlineData("1900-01-01", "2026-06-15", null)]
    public void A_reader_is_at_least_twelve(string born, string today, string? code) =>
        Assert.Equal(code, Check(profile => profile with { BirthDate = born }, DateOnly.Parse(today, null))?.Code);

    [Theory]
    [InlineData("2025-02-28", "reader-too-young")]
    [InlineData("2025-03-01", null)]
    public void Born_on_29_February_one_is_of_age_on_1_March_of_a_common_year(string today, string? code) =>
        Assert.Equal(
            code, ReaderRules.Check(Any.ReaderProfile with { BirthDate = "2012-02-29" }, DateOnly.Parse(today, null), 13)?.Code);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1990-5-17")]
    [InlineData("17-05-1990")]
    [InlineData("1990/05/17")]
    [InlineData("1990-02-30")]
    [InlineData("1990-13-01")]
    [InlineData(" 1990-05-17")]
    [InlineData("1990-05-17T00:00:00")]
    public void A_birth_date_is_year_month_and_day(string? text) =>
        Assert.Equal(ReaderRejections.BirthDateInvalid, Check(profile => profile with { BirthDate = text }));

    [Theory]
    [InlineData("912345678", true)]
    [InlineData("212345678", true)]
    [InlineData("9abcdefgh", true)] // digits are not verified
    [InlineData("312345678", false)]
    [InlineData("91234567", false)]
    [InlineData("9123456789", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_phone_number_has_nine_characters_and_starts_with_9_or_2(string? phone, bool isGood) => Assert.Equal(
        isGood ? null : ReaderRejections.PhoneInvalid, Check(profile => profile with { PhoneNumber = phone }));

    [Fact]
    public void Nobody_becomes_a_reader_without_the_gdpr_rules() =>
        Assert.Equal(ReaderRejections.GdprMissing, Check(profile => profile with { Gdpr = false }));

    [Theory]
    [InlineData(0, null)]
    [InlineData(100, null)]
    [InlineData(101, "too-many-interests")]
    public void A_reader_has_100_interests_at_most(int count, string? code) => Assert.Equal(
        code, Check(profile => profile with { Interests = [.. Enumerable.Range(0, count).Select(i => $"g{i}")] })?.Code);

    [Fact]
    public void Interests_that_fold_alike_are_one_in_the_order_they_were_given() =>
        Assert.Equal(["romance", "ficcao"], ReaderRules.Interests(["Romance", "Ficção", "FICCAO"]).Select(name => name.Folded));

    [Fact]
    public void What_is_no_genre_is_an_unknown_interest() =>
        Assert.Equal(ReaderRejections.InterestUnknown, Check(profile => profile with { Interests = [" "] }));

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "stale-version")]
    [InlineData(null, null)] // nobody looked
    public void A_change_is_for_those_who_saw_the_reader_as_it_is(int? version, string? code) =>
        Assert.Equal(code, CheckChange(new() { Operation = Any.Operation, ExpectedVersion = version })?.Code);

    [Fact]
    public void A_change_is_judged_like_a_registration_by_what_it_names()
    {
        var change = new ChangeReader { Operation = Any.Operation };

        Assert.Equal(ReaderRejections.BirthDateInvalid, CheckChange(change with { BirthDate = "x" }));
        Assert.Equal(ReaderRejections.PhoneInvalid, CheckChange(change with { PhoneNumber = "1" }));
        Assert.Equal(ReaderRejections.TooYoung(12), CheckChange(change with { BirthDate = "2020-01-01" }));
        Assert.Equal(ReaderRejections.GdprMissing, CheckChange(change with { Gdpr = false }));
        Assert.Equal("reader-unknown", ReaderRules.CheckChange(new(), Any.ReaderNumber, change, Any.Day, 12)?.Code);
    }

    [Fact]
    public void A_change_leaves_what_it_does_not_name_and_clears_consents_it_withdraws()
    {
        var before = Registered() with { Reader = Registered().Reader! with { Marketing = true, ThirdParty = true } };
        var change = new ChangeReader { Operation = Any.Operation, Marketing = false };

        var after = ReaderRules.FinishChange(before, change, user: null, Any.Instant);

        Assert.Equal(before.Reader with { Marketing = false, Version = 1 }, after.Reader);
    }

    [Theory]
    [InlineData("2026/1", true)]
    [InlineData("1970/0", true)]
    [InlineData("9999/2147483647", true)]
    [InlineData("1969/1", false)]
    [InlineData("10000/1", false)]
    [InlineData("2026/-1", false)]
    [InlineData("2026/01", false)]
    [InlineData("2026/2147483648", false)]
    [InlineData("2026", false)]
    [InlineData("2026/1/1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_reader_number_is_a_year_and_a_sequence_without_padding(string? text, bool isNumber)
    {
        Assert.Equal(isNumber, ReaderNumber.TryParse(text, out var number));
        Assert.Equal(isNumber ? text : "0/0", number.ToString());
    }

    private static Abstractions.Rejection? Check(Func<ReaderProfile, ReaderProfile> change, DateOnly? today = null) =>
        ReaderRules.Check(change(Any.ReaderProfile), today ?? Any.Day, 12);

    private static Abstractions.Rejection? CheckChange(ChangeReader change) =>
        ReaderRules.CheckChange(Registered(), Any.ReaderNumber, change, Any.Day, 12);

    private static ReaderState Registered()
    {
        var begun = ReaderRules.BeginRegistration(new(), Any.RegisterReader, Any.Instant);
        return ReaderRules.FinishRegistration(begun, new(2026, 1), new(1), Any.Instant);
    }
}
