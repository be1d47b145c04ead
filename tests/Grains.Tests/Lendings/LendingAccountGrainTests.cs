using Lms.Grains.Abstractions.Lendings;

namespace Lms.Grains.Tests.Lendings;

public sealed class LendingAccountGrainTests(ClusterFixture fixture) : LendingTest(fixture)
{
    [Fact]
    public async Task A_lending_starts_today_is_due_in_fifteen_days_and_has_the_next_number_of_the_year()
    {
        var (first, second) = (await LendAsync(NewReader(), Any.LendBook), await LendAsync(NewReader(), Any.LendBook));

        Assert.Equal((Today, Today.AddDays(15), null, 0), (first.StartedOn, first.DueOn, first.ReturnedOn, first.Version));
        Assert.Equal(new(Today.Year, first.Number.Sequence + 1), second.Number);
    }

    [Fact]
    public async Task Without_copies_a_reader_may_hold_the_same_book_three_times()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);

        await LendAsync(reader, Any.Lend(isbn));
        await LendAsync(reader, Any.Lend(isbn));
        await LendAsync(reader, Any.Lend(isbn));

        AssertConsistent();
    }

    [Fact]
    public async Task A_copy_that_is_asked_for_is_lent_and_no_other()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var (first, second) = (await AddCopyAsync(isbn), await AddCopyAsync(isbn));

        var lent = await LendAsync(reader, Any.Lend(isbn, second));
        var refused = await Grains.Account(reader).LendAsync(Any.Lend(isbn, second), Token);

        Assert.Equal(second, lent.Barcode);
        Assert.Equal(LendingRejections.NoCopy, refused.Rejection);
        Assert.Null(HolderOf(first));
        AssertConsistent();
    }

    [Fact]
    public async Task A_copy_of_another_book_is_refused_and_stays_free()
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);

        var refused = await Grains.Account(reader).LendAsync(Any.Lend(Any.Isbn, copy), Token);

        Assert.Equal(LendingRejections.NoCopy, refused.Rejection);
        Assert.Null(HolderOf(copy));
        AssertConsistent();
    }

    [Fact]
    public async Task A_returned_copy_is_free_for_the_next_reader()
    {
        var (first, second, isbn) = (NewReader(), NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var lent = await LendAsync(first, Any.Lend(isbn));
        var refused = await Grains.Account(second).LendAsync(Any.Lend(isbn), Token);

        await ReturnAsync(first, lent.Number);

        Assert.Equal(LendingRejections.NoCopy, refused.Rejection);
        Assert.Equal(copy, (await LendAsync(second, Any.Lend(isbn))).Barcode);
        AssertConsistent();
    }

    [Fact]
    public async Task A_late_book_stops_a_reader_until_it_is_back()
    {
        var reader = NewReader();
        var lent = await LendAsync(reader, Any.LendBook);
        Advance(TimeSpan.FromDays(15));
        await LendAsync(reader, Any.LendBook);
        Advance(TimeSpan.FromDays(1));

        var refused = await Grains.Account(reader).LendAsync(Any.LendBook, Token);
        var returned = await ReturnAsync(reader, lent.Number);
        await LendAsync(reader, Any.LendBook);

        Assert.Equal(LendingRejections.HasOverdue, refused.Rejection);
        Assert.Equal(200, returned.FineInCents);
        AssertConsistent();
    }

    [Fact]
    public async Task Loaded_lendings_count_whatever_their_number_and_loading_again_changes_nothing()
    {
        var reader = NewReader();
        var open = Enumerable.Range(0, 7).Select(_ => Any.Lending(Any.LendingNumber, reader) with { DueOn = Today.AddDays(5) });
        var returned = Any.Lending(Any.LendingNumber, reader) with { ReturnedOn = Any.Day };
        var command = new LoadLendings(Any.Operation, [.. open, returned]);

        await Grains.Account(reader).LoadAsync(command, Token);
        await Grains.Account(reader).LoadAsync(command, Token);

        Assert.Equal(7, Entries(reader).Length);
        Assert.Equal(LendingRejections.LimitReached, (await Grains.Account(reader).LendAsync(Any.LendBook, Token)).Rejection);
    }

    [Fact]
    public async Task A_loaded_lending_that_was_returned_since_stays_returned_when_it_is_loaded_again()
    {
        var reader = NewReader();
        var lending = Any.Lending(Any.LendingNumber, reader) with { DueOn = Today.AddDays(5) };
        var command = new LoadLendings(Any.Operation, [lending]);
        await Grains.Account(reader).LoadAsync(command, Token);
        await ReturnAsync(reader, lending.Number);

        await Grains.Account(reader).LoadAsync(command, Token);

        Assert.Empty(Entries(reader));
        AssertConsistent();
    }

    [Fact]
    public async Task A_lending_that_does_not_exist_is_not_returned()
    {
        var number = Any.LendingNumber;

        var refused = await Grains.Account(NewReader()).ReturnAsync(Any.Return(number), Token);

        Assert.Equal(LendingRejections.Unknown(number), refused.Rejection);
    }
}
