using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Lendings;
using Microsoft.Extensions.DependencyInjection;

namespace Lms.Grains.Tests.Lendings;

/// <summary>Many at once.</summary>
public sealed class LendingRaceTests(ClusterFixture fixture) : LendingTest(fixture)
{
    [Fact]
    public async Task Of_a_hundred_readers_who_want_one_copy_exactly_one_gets_it()
    {
        var isbn = Any.Isbn;
        var copy = await AddCopyAsync(isbn);
        var readers = Enumerable.Range(0, 100).Select(_ => NewReader()).ToArray();

        var results = await Task.WhenAll(readers.Select(reader => Grains.Account(reader).LendAsync(Any.Lend(isbn), Token)));

        var lent = Assert.Single(results, result => result.IsAccepted);
        Assert.Equal(lent.Value!.Number, HolderOf(copy));
        Assert.All(results.Where(result => !result.IsAccepted), result => Assert.Equal(LendingRejections.NoCopy, result.Rejection));
        AssertConsistent();
    }

    [Fact]
    public async Task A_reader_who_asks_for_twenty_books_at_once_gets_three()
    {
        var reader = NewReader();

        var results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Grains.Account(reader).LendAsync(Any.LendBook, Token)));

        Assert.Equal(3, results.Count(result => result.IsAccepted));
        Assert.Equal(17, results.Count(result => result.Rejection == LendingRejections.LimitReached));
        AssertConsistent();
    }

    [Fact]
    public async Task Fifty_repeats_of_one_operation_at_once_are_one_lending()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        await AddCopyAsync(isbn);
        await AddCopyAsync(isbn);
        var command = Any.Lend(isbn);

        var results = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Grains.Account(reader).LendAsync(command, Token)));

        Assert.All(results, result => Assert.True(result.IsAccepted));
        Assert.Single(results.Select(result => result.Value!.Number).Distinct());
        Assert.Single(ActiveLendings(reader));
        AssertConsistent();
    }

    [Fact]
    public async Task Of_fifty_returns_at_once_exactly_one_counts()
    {
        var reader = NewReader();
        var lent = await LendAsync(reader, Any.LendBook);

        var results = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Grains.Account(reader).ReturnAsync(Any.Return(lent.Number), Token)));

        Assert.Single(results, result => result.IsAccepted);
        Assert.Equal(49, results.Count(result => result.Rejection == LendingRejections.AlreadyReturned));
        AssertConsistent();
    }

    [Fact]
    public async Task Readers_who_lend_and_return_at_once_leave_copies_and_accounts_in_agreement()
    {
        var isbn = Any.Isbn;
        await AddCopyAsync(isbn);
        await AddCopyAsync(isbn);
        var readers = Enumerable.Range(0, 10).Select(_ => NewReader()).ToArray();

        await Task.WhenAll(readers.Select(async reader =>
        {
            for (var i = 0; i < 5; i++)
            {
                var lent = await Grains.Account(reader).LendAsync(Any.Lend(isbn), Token);
                if (lent.IsAccepted)
                {
                    await Grains.Account(reader).ReturnAsync(Any.Return(lent.Value.Number), Token);
                }
            }
        }));

        Assert.All(readers, reader => Assert.Empty(Entries(reader)));
        AssertConsistent();
    }

    [Fact]
    public async Task Without_the_check_before_the_write_the_invariants_report_a_reader_over_the_limit()
    {
        await using var defective = new TestCluster(
            silos: 1, services => services.Configure<LendingOptions>(options => options.ChecksLimitAfterTheWrite = true));
        await defective.StartAsync();
        var reader = Any.ReaderNumber;

        var results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => defective.Grains.Account(reader).LendAsync(Any.LendBook, Token)));

        // The defect hides from those who look at answers only.
        Assert.Equal(3, results.Count(result => result.IsAccepted));
        Assert.Contains(
            LendingInvariants.Violations(defective.Storage, [reader], []),
            violation => violation.Contains("open lendings", StringComparison.Ordinal));
    }
}
