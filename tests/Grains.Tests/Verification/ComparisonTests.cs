using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Verification;

namespace Lms.Grains.Tests.Verification;

/// <summary>What a crash may leave is no contradiction; what it cannot leave is one.</summary>
public sealed class ComparisonTests
{
    private static readonly ReaderNumber s_reader = new(2026, 1);
    private static readonly LendingNumber s_number = new(2026, 5);
    private static readonly Isbn s_isbn = Isbn.Of("9789897776090");
    private static readonly Barcode s_copy = Barcode.Of("C-1");
    private static readonly Barcode s_other = Barcode.Of("C-2");
    private static readonly UserId s_user = new(7);

    [Fact]
    public void A_lending_an_entry_and_a_copy_agree() => Assert.Empty(All(Lent));

    [Fact]
    public void An_entry_that_is_not_known_to_be_open_counts_as_its_lending_says() =>
        Assert.Empty(All(Lent with { Accounts = [Account(Entry with { IsOpen = false, Barcode = null })] }));

    [Theory]
    [InlineData(0, 0)] // the one who asked may come again
    [InlineData(1, 1)]
    public void An_entry_without_lending_is_in_order_until_its_deadline(int secondsLate, int findings)
    {
        var begun = Lent with { Lendings = [], Accounts = [Account(Entry with { IsOpen = false })] };

        var found = LendingComparison.Accounts(begun, Entry.Deadline.AddSeconds(secondsLate)).ToList();

        Assert.Equal(findings, found.Count);
        Assert.All(found, finding => Assert.IsType<Mend.Resume>(finding.Mend));
        Assert.Empty(LendingComparison.Copies(begun)); // that of the entry's copy is the same contradiction
    }

    [Fact]
    public void An_open_entry_whose_lending_is_gone_is_for_people()
    {
        var finding = Assert.Single(LendingComparison.Accounts(Lent with { Lendings = [] }, Any.Instant));

        Assert.Equal(("account:2026/1", "counts lending 2026/5, which is open and does not exist", null), (finding.Subject, finding.Problem, finding.Mend));
    }

    [Fact]
    public void A_void_lending_keeps_neither_entry_nor_copy()
    {
        var findings = All(Lent with { Lendings = [new(s_number, null, Any.Instant)] });

        Assert.Equal(
            [new Mend.Resume("account", "account:2026/1"), new Mend.Release("copy:C-1", "2026/5")], findings.Select(finding => finding.Mend));
    }

    [Fact]
    public void A_copy_that_was_taken_at_a_first_attempt_is_released()
    {
        var finding = Assert.Single(All(Lent with { Copies = [Copy, Copy with { Barcode = s_other }], Holdings = [Holdings with { Barcodes = [s_copy, s_other] }] }));

        Assert.Equal(new Mend.Release("copy:C-2", "2026/5"), finding.Mend);
    }

    [Fact]
    public void A_copy_that_is_added_or_removed_may_stand_on_either_side()
    {
        Assert.Equal(
            ["has not finished adding copy C-1"],
            LendingComparison.Holdings(Lent with { Holdings = [Holdings with { Barcodes = [], Adding = s_copy }] }).Select(finding => finding.Problem));
        Assert.Equal(
            ["has not finished removing copy C-1"],
            LendingComparison.Holdings(Lent with { Holdings = [Holdings with { Removing = s_copy }], Copies = [Copy with { IsWithdrawn = true }] })
                .Select(finding => finding.Problem));
    }

    [Fact]
    public void A_number_that_was_released_was_given()
    {
        var copy = Copy with { Lending = null, Released = [new(2026, 9)] };

        var finding = Assert.Single(SequenceComparison.Compare(Lent with { Copies = [copy], Sequences = [new("seq:lending:2026", 8, Any.Instant)] }));

        Assert.Equal(new Mend.Advance("seq:lending:2026", 9), finding.Mend);
    }

    [Theory]
    [InlineData("old@example.org", 1)] // is to be given up
    [InlineData("new@example.org", 1)]
    [InlineData("other@example.org", 2)]
    public void While_a_user_is_renamed_it_has_two_logins(string second, int findings)
    {
        var facts = new Facts
        {
            Users = [new(s_user, "ana@example.org", null, ["old@example.org", "new@example.org"], Any.Instant)],
            Logins = [Login("ana@example.org"), Login(second)],
        };

        Assert.Equal(findings, PeopleComparison.Compare(facts).Count());
    }

    [Fact]
    public void A_reader_may_be_on_its_way_after_its_user()
    {
        var facts = new Facts
        {
            Users = [new(s_user, "ana@example.org", s_reader, null, Any.Instant)],
            Logins = [Login("ana@example.org")],
            Readers = [new(s_reader, null, IsUnfinished: true, Any.Instant)],
        };

        Assert.IsType<Mend.Resume>(Assert.Single(PeopleComparison.Compare(facts)).Mend);
        Assert.Equal(
            "is reader 2026/1, who does not exist", Assert.Single(PeopleComparison.Compare(facts with { Readers = [] })).Problem);
    }

    [Fact]
    public void What_is_young_or_gone_at_the_second_look_is_under_way()
    {
        var (gone, stays, young) = (
            new Finding("copy:1", "x", Any.Instant), new Finding("copy:2", "x", Any.Instant), new Finding("copy:3", "x", Any.Instant.AddSeconds(1)));

        var first = Verifier.Judge("copies", "", [gone, stays, young], Any.Instant);
        var second = Verifier.Judge("copies", "", [stays, young, new("copy:4", "x", Any.Instant)], Any.Instant);
        var both = Verifier.Both(first, second);

        Assert.Equal([gone, stays], first.Findings);
        Assert.Equal([stays], both.Findings);
        Assert.Equal(2, both.Underway);
    }

    private static EntryFact Entry => new(s_number, s_isbn, Any.Day, IsOpen: true, s_copy, Any.Instant);

    private static CopyFact Copy => new(s_copy, s_isbn, s_number, s_reader, IsWithdrawn: false, [], Any.Instant);

    private static HoldingsFact Holdings => new(s_isbn, [s_copy], Adding: null, Removing: null, Any.Instant);

    private static Facts Lent => new()
    {
        Accounts = [Account(Entry)],
        Lendings = [new(s_number, new(s_reader, s_isbn, Any.Day, s_copy, IsReturned: false), Any.Instant)],
        Copies = [Copy],
        Holdings = [Holdings],
    };

    private static AccountFact Account(EntryFact entry) => new(s_reader, [entry], Any.Instant);

    private static LoginFact Login(string username) => new(username, s_user, null, IsRegistering: false, Any.Instant);

    private static List<Finding> All(Facts facts) =>
        [.. LendingComparison.Accounts(facts, Any.Instant), .. LendingComparison.Copies(facts), .. LendingComparison.Holdings(facts)];
}
