using Lms.Grains.Abstractions;
using Lms.Grains.Authors;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Tests.Infrastructure;

/// <summary>Which commands a state remembers: the last 32, and all of the last ten minutes.</summary>
public sealed class StateTests
{
    [Fact]
    public void The_last_thirty_two_operations_are_remembered_however_old()
    {
        var operations = Operations(33);
        var state = Stamp(operations, each: TimeSpan.FromDays(1));

        Assert.False(state.Knows(operations[0]));
        Assert.All(operations[1..], operation => Assert.True(state.Knows(operation)));
    }

    [Fact]
    public void Every_operation_is_remembered_for_ten_minutes_however_many()
    {
        var operations = Operations(200);
        var state = Stamp(operations, each: TimeSpan.FromSeconds(1));

        Assert.All(operations, operation => Assert.True(state.Knows(operation)));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public void Beyond_the_last_thirty_two_ten_minutes_decide(int milliseconds, bool isKnown)
    {
        var operations = Operations(40);
        var state = Stamp(operations, each: TimeSpan.Zero);
        var last = Any.Operation;

        state = state.Stamped(last, Any.Instant + StateExtensions.RememberedFor + TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(isKnown, state.Knows(operations[0]));
        Assert.True(state.Knows(operations[^1]));
        Assert.True(state.Knows(last));
    }

    [Fact]
    public void An_operation_is_remembered_once_with_its_last_outcome()
    {
        var operation = Any.Operation;

        var state = new AuthorState().Stamped(operation, Any.Instant, "1").Stamped(operation, Any.Instant, "2");

        Assert.Equal("2", Assert.Single(state.Operations).Outcome);
    }

    [Fact]
    public void The_first_who_acts_is_the_creator_and_the_last_is_the_one_who_changed()
    {
        var (first, last) = (Any.Operation with { By = Any.UserId }, Any.Operation with { By = Any.UserId });

        var state = new AuthorState().Stamped(first, Any.Instant).Stamped(last, Any.Instant.AddHours(1));

        Assert.Equal((first.By, Any.Instant), (state.CreatedBy, state.CreatedAt!.Value));
        Assert.Equal((last.By, Any.Instant.AddHours(1)), (state.ChangedBy, state.ChangedAt!.Value));
    }

    private static Operation[] Operations(int count) => [.. Enumerable.Range(0, count).Select(_ => Any.Operation)];

    private static AuthorState Stamp(Operation[] operations, TimeSpan each) => operations
        .Select((operation, index) => (operation, At: Any.Instant + (index * each)))
        .Aggregate(new AuthorState(), (state, next) => state.Stamped(next.operation, next.At));
}
