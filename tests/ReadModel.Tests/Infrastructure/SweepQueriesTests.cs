using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Lendings;

namespace Lms.ReadModel.Tests.Infrastructure;

public sealed class SweepQueriesTests : ReadModelTest
{
    public static TheoryData<string> States => [.. ReadModelVersions.States];

    private SweepQueries Sweep => new(Database);

    [Fact]
    public async Task Unfinished_are_the_keys_that_have_waited_since_before_the_instant_oldest_first()
    {
        await StoreAsync(
            Any.User(1) with { UnfinishedSince = Any.Instant.AddSeconds(-1) },
            Any.User(2) with { UnfinishedSince = Any.Instant.AddSeconds(-2) },
            Any.User(3) with { UnfinishedSince = Any.Instant },
            Any.User(4));

        Assert.Equal(["user:2", "user:1"], await Sweep.GetUnfinishedAsync("user", Any.Instant, Token));
    }

    [Fact]
    public async Task What_has_been_finished_is_unfinished_no_longer()
    {
        await StoreAsync(Any.User(1) with { UnfinishedSince = Any.Instant.AddDays(-1) });
        await StoreAsync(Any.User(1) with { RowVersion = 2 });

        Assert.Empty(await Sweep.GetUnfinishedAsync("user", Any.Instant, Token));
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task Every_state_can_be_asked_for_what_is_unfinished(string state) =>
        Assert.Empty(await Sweep.GetUnfinishedAsync(state, Any.Instant, Token));

    [Theory]
    [InlineData(AccountPhase.Pending, LendingStatus.Active, false)]
    [InlineData(AccountPhase.Pending, LendingStatus.Returned, true)]
    [InlineData(AccountPhase.Pending, LendingStatus.Void, true)]
    [InlineData(AccountPhase.Open, LendingStatus.Active, false)]
    [InlineData(AccountPhase.Open, LendingStatus.Returned, true)]
    [InlineData(AccountPhase.Open, LendingStatus.Void, true)]
    [InlineData(AccountPhase.Open, null, true)]
    [InlineData(AccountPhase.Undoing, LendingStatus.Active, true)]
    [InlineData(AccountPhase.Undoing, null, true)]
    public async Task An_account_is_settled_when_an_entry_disagrees_with_its_lending(
        string phase, string? status, bool settled)
    {
        await StoreAsync(Any.Account("2026/1", Any.Entry("2026/7", phase)));
        if (status is not null)
        {
            await StoreAsync(Any.Lending("2026/7") with { Status = status });
        }

        Assert.Equal(settled ? ["2026/1"] : [], await Sweep.GetAccountsToSettleAsync(Any.Instant, Token));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public async Task A_pending_entry_may_wait_for_its_lending_until_its_deadline(int seconds, bool settled)
    {
        await StoreAsync(
            Any.Account("2026/1", Any.Entry("2026/7", AccountPhase.Pending, Any.Instant.AddSeconds(seconds))));

        Assert.Equal(settled ? ["2026/1"] : [], await Sweep.GetAccountsToSettleAsync(Any.Instant, Token));
    }

    [Theory]
    [InlineData(LendingStatus.Active, false)]
    [InlineData(LendingStatus.Returned, true)]
    [InlineData(LendingStatus.Void, true)]
    [InlineData(null, true)]
    public async Task An_account_is_settled_when_a_copy_is_held_by_a_lending_that_is_not_active(
        string? status, bool settled)
    {
        await StoreAsync(Any.Copy("b") with { Lending = "2026/7", Reader = "2026/1" });
        if (status is not null)
        {
            await StoreAsync(Any.Lending("2026/7") with { Status = status });
        }

        Assert.Equal(settled ? ["2026/1"] : [], await Sweep.GetAccountsToSettleAsync(Any.Instant, Token));
    }

    [Fact]
    public async Task A_reader_with_several_reasons_is_named_once()
    {
        await StoreAsync(
            Any.Account("2026/1", Any.Entry("2026/7", AccountPhase.Undoing), Any.Entry("2026/8", AccountPhase.Open)),
            Any.Account("2026/2", Any.Entry("2026/9", AccountPhase.Undoing)),
            Any.Copy("b") with { Lending = "2026/7", Reader = "2026/1" });

        Assert.Equal(["2026/1", "2026/2"], await Sweep.GetAccountsToSettleAsync(Any.Instant, Token));
    }

    [Theory]
    [InlineData(LendingStatus.Active, "b", false)]
    [InlineData(LendingStatus.Active, "c", true)]
    [InlineData(LendingStatus.Active, null, true)]
    [InlineData(LendingStatus.Returned, "b", true)]
    public async Task A_copy_is_released_when_its_lending_has_another_or_is_over(string status, string? barcode, bool released)
    {
        await StoreAsync(
            Any.Copy("b") with { Lending = "2026/7", Reader = "2026/1" },
            Any.Copy("shelved"),
            Any.Lending("2026/7") with { Status = status, Barcode = barcode });

        Assert.Equal(released ? [("b", "2026/7")] : [], await Sweep.GetCopiesToReleaseAsync(Token));
    }

    [Fact]
    public async Task Photos_are_those_that_an_author_a_book_or_a_reader_has()
    {
        await StoreAsync(
            Any.Author(1) with { Photo = "a" },
            Any.Author(2),
            Any.Book("1", authors: [1]) with { Photo = "b" },
            Any.Reader("2026/1") with { Photo = "a" });

        Assert.Equal(["a", "b"], (await Sweep.GetPhotosAsync(Token)).Order());
    }
}
