using Lms.Grains.Abstractions.Operations;
using Lms.Grains.Operations;

namespace Lms.Grains.Tests.Operations;

public sealed class OperationRulesTests
{
    public static TheoryData<string, double, bool, OperationStage> Cases => new()
    {
        { "a", 0, false, OperationStage.Running },
        { "a", 2.999, false, OperationStage.Running },
        { "a", 3, false, OperationStage.Started },
        { "a", 3, true, OperationStage.Done },
        { "a", 86399.999, true, OperationStage.Done },
        { "a", 86400, true, OperationStage.Started },
        { "b", 0, false, OperationStage.Mismatch },
        { "b", 86399.999, true, OperationStage.Mismatch },
        { "b", 86400, true, OperationStage.Started },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_becomes_of_a_key_depends_on_content_age_and_outcome(
        string fingerprint, double seconds, bool isDone, OperationStage stage)
    {
        var begun = OperationRules.Begin(new(), "a", Guid.NewGuid(), Any.Instant).Next;
        var state = isDone ? begun with { Outcome = new("x", null) } : begun;

        var (progress, next) = OperationRules.Begin(state, fingerprint, Guid.NewGuid(), Any.Instant.AddSeconds(seconds));

        Assert.Equal(stage, progress.Stage);
        Assert.Equal(stage == OperationStage.Started, !ReferenceEquals(state, next));
    }

    [Fact]
    public void A_replaced_attempt_leaves_its_identity_to_the_next()
    {
        var begun = OperationRules.Begin(new(), "a", Guid.NewGuid(), Any.Instant).Next with { Identity = "1" };

        var replaced = OperationRules.Begin(begun, "a", Guid.NewGuid(), Any.Instant + OperationGrains.Lease).Next;

        Assert.Equal("1", replaced.Identity);
    }

    [Fact]
    public void An_attempt_that_began_already_does_not_wait_for_itself()
    {
        var attempt = Guid.NewGuid();
        var begun = OperationRules.Begin(new(), "a", attempt, Any.Instant).Next;

        Assert.Equal(OperationStage.Started, OperationRules.Begin(begun, "a", attempt, Any.Instant).Progress.Stage);
        Assert.Equal(OperationStage.Running, OperationRules.Begin(begun, "a", Guid.NewGuid(), Any.Instant).Progress.Stage);
    }

    [Fact]
    public void A_key_that_is_used_again_after_a_day_starts_from_nothing()
    {
        var done = OperationRules.Begin(new(), "a", Guid.NewGuid(), Any.Instant).Next with { Identity = "1", Outcome = new("1", null) };

        var again = OperationRules.Begin(done, "b", Guid.NewGuid(), Any.Instant + OperationRules.RememberedFor).Next;

        Assert.Equal((null, null, "b"), (again.Identity, again.Outcome, again.Fingerprint));
    }
}
