using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Lendings;

namespace Lms.Grains.Tests.Lendings;

/// <summary>Returning a book is cut short at every write, in every way, and finished by whoever comes by.</summary>
public sealed class ReturnCrashTests(ClusterFixture fixture) : LendingTest(fixture)
{
    public static TheoryData<string, Cut, Finisher, bool> Steps =>
        Crash.OrNot(LendingState.Name, CopyState.Name, AccountState.Name);

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_return_that_was_cut_short_happens_whole_or_not_at_all(string step, Cut cut, Finisher finisher, bool crashed)
    {
        var (reader, isbn) = (NewReader(), Any.Isbn);
        var copy = await AddCopyAsync(isbn);
        var lent = await LendAsync(reader, Any.Lend(isbn));
        var command = Any.Return(lent.Number);
        var interruption = Storage.Interrupt(cut, step, step switch
        {
            AccountState.Name => KeyOf(reader),
            CopyState.Name => KeyOf(copy),
            _ => KeyOf(lent.Number),
        });

        await Assert.ThrowsAsync<GrainFault>(() => Grains.Account(reader).ReturnAsync(command, Token));
        await (crashed ? CrashAsync(reader) : Task.CompletedTask);
        switch (finisher)
        {
            case Finisher.Retry:
                var returned = await Grains.Account(reader).ReturnAsync(command, Token);
                Assert.Equal(1, returned.Value?.Version);
                break;
            case Finisher.NextTouch:
                await LendAsync(reader, Any.LendBook);
                break;
            default:
                await Cluster.SweepAsync(Token);
                break;
        }

        Assert.True(interruption.Struck.IsCompleted);
        AssertConsistent();
        var happened = finisher == Finisher.Retry || step != LendingState.Name || cut == Cut.ReplyIsLost;
        Assert.Equal(happened, Storage.Find<LendingState>(LendingState.Name, KeyOf(lent.Number))!.Lending!.ReturnedOn is not null);
        Assert.Equal(happened ? null : lent.Number, HolderOf(copy));
    }

    [Fact]
    public async Task A_repeated_return_gets_the_first_answer_again_days_later()
    {
        var reader = NewReader();
        var lent = await LendAsync(reader, Any.LendBook);
        var command = Any.Return(lent.Number) with { ExpectedVersion = 0 };
        var first = await Grains.Account(reader).ReturnAsync(command, Token);
        Advance(TimeSpan.FromDays(3));
        await CrashAsync(reader);

        var second = await Grains.Account(reader).ReturnAsync(command, Token);

        Assert.Equal(first.Value, second.Value);
    }

    [Fact]
    public async Task A_repeated_lending_of_a_returned_book_answers_the_returned_lending()
    {
        var reader = NewReader();
        var command = Any.LendBook;
        var lent = await LendAsync(reader, command);
        await ReturnAsync(reader, lent.Number);
        await CrashAsync(reader);

        var repeated = await LendAsync(reader, command);

        Assert.Equal(lent.Number, repeated.Number);
        Assert.NotNull(repeated.ReturnedOn);
        Assert.Empty(ActiveLendings(reader));
        AssertConsistent();
    }
}
