using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Operations;
using Lms.Grains.Operations;

namespace Lms.Grains.Tests.Operations;

public sealed class OperationGrainTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private static readonly OperationOutcome s_outcome = new("isbn:9789720706386", Rejection: null);

    private readonly string _key = Guid.NewGuid().ToString();

    private IOperationGrain Operation => Grains.Operation(user: null, _key);

    [Fact]
    public async Task The_first_starts_and_a_second_one_meanwhile_is_told_to_wait()
    {
        var first = await Operation.BeginAsync("a", Guid.NewGuid(), Token);
        var second = await Operation.BeginAsync("a", Guid.NewGuid(), Token);

        Assert.Equal(new(OperationStage.Started), first);
        Assert.Equal(new(OperationStage.Running), second);
    }

    [Fact]
    public async Task Of_many_at_once_one_starts()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Operation.BeginAsync("a", Guid.NewGuid(), Token)));

        Assert.Single(all, progress => progress.Stage == OperationStage.Started);
        Assert.Equal(19, all.Count(progress => progress.Stage == OperationStage.Running));
    }

    [Fact]
    public async Task Another_content_under_the_same_key_is_a_mismatch_at_every_stage()
    {
        await Operation.BeginAsync("a", Guid.NewGuid(), Token);
        var running = await Operation.BeginAsync("b", Guid.NewGuid(), Token);
        await Operation.CompleteAsync(s_outcome, Token);
        var done = await Operation.BeginAsync("b", Guid.NewGuid(), Token);

        Assert.Equal([OperationStage.Mismatch, OperationStage.Mismatch], [running.Stage, done.Stage]);
    }

    [Fact]
    public async Task A_repeat_gets_the_outcome_also_from_another_activation()
    {
        var refusal = new OperationOutcome(null, BookRejections.Exists);
        await Operation.BeginAsync("a", Guid.NewGuid(), Token);
        await Operation.CompleteAsync(refusal, Token);
        await Cluster.ForgetAsync(Operation);

        Assert.Equal(new(OperationStage.Done, refusal), await Operation.BeginAsync("a", Guid.NewGuid(), Token));
    }

    [Fact]
    public async Task The_first_outcome_stays()
    {
        await Operation.BeginAsync("a", Guid.NewGuid(), Token);
        await Operation.CompleteAsync(s_outcome, Token);
        await Operation.CompleteAsync(new("other", null), Token);
        await Operation.AbandonAsync(Token);

        Assert.Equal(s_outcome, (await Operation.BeginAsync("a", Guid.NewGuid(), Token)).Outcome);
    }

    [Fact]
    public async Task The_first_identity_stays()
    {
        await Operation.BeginAsync("a", Guid.NewGuid(), Token);

        Assert.Equal("1", await Operation.ReserveAsync("1", Token));
        Assert.Equal("1", await Operation.ReserveAsync("2", Token));
    }

    [Fact]
    public async Task What_was_abandoned_may_start_again_at_once_and_keeps_its_identity()
    {
        await Operation.BeginAsync("a", Guid.NewGuid(), Token);
        await Operation.ReserveAsync("1", Token);
        await Operation.AbandonAsync(Token);

        Assert.Equal(OperationStage.Started, (await Operation.BeginAsync("a", Guid.NewGuid(), Token)).Stage);
        Assert.Equal("1", await Operation.ReserveAsync("2", Token));
    }

    [Theory]
    [InlineData(-1, OperationStage.Running)]
    [InlineData(0, OperationStage.Started)]
    public async Task Whoever_does_not_finish_within_the_lease_is_replaced(int milliseconds, OperationStage stage)
    {
        await Operation.BeginAsync("a", Guid.NewGuid(), Token);

        Advance(OperationGrains.Lease + TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(stage, (await Operation.BeginAsync("a", Guid.NewGuid(), Token)).Stage);
    }

    [Fact]
    public async Task A_start_whose_reply_was_lost_is_waited_for_by_others_and_goes_on_for_who_asked()
    {
        var attempt = Guid.NewGuid();
        Storage.Interrupt(Cut.ReplyIsLost, OperationState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => Operation.BeginAsync("a", attempt, Token));

        Assert.Equal(OperationStage.Running, (await Operation.BeginAsync("a", Guid.NewGuid(), Token)).Stage);
        Assert.Equal(OperationStage.Started, (await Operation.BeginAsync("a", attempt, Token)).Stage);
    }

    [Theory]
    [InlineData(-1, OperationStage.Done)]
    [InlineData(0, OperationStage.Started)]
    public async Task A_key_may_be_used_again_after_a_day(int milliseconds, OperationStage stage)
    {
        await Operation.BeginAsync("a", Guid.NewGuid(), Token);
        await Operation.CompleteAsync(s_outcome, Token);

        Advance(OperationRules.RememberedFor + TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(stage, (await Operation.BeginAsync("a", Guid.NewGuid(), Token)).Stage);
    }

    [Fact]
    public async Task The_sweeper_clears_what_is_older_than_a_day_and_nothing_else()
    {
        var younger = Grains.Operation(user: null, Guid.NewGuid().ToString());
        await Operation.BeginAsync("a", Guid.NewGuid(), Token);
        Advance(TimeSpan.FromMinutes(1));
        await younger.BeginAsync("a", Guid.NewGuid(), Token);
        Advance(OperationRules.RememberedFor - TimeSpan.FromSeconds(30));

        await Cluster.SweepAsync(Token);

        Assert.Null(Storage.Find<OperationState>(OperationState.Name, Operation.GetPrimaryKeyString()));
        Assert.NotNull(Storage.Find<OperationState>(OperationState.Name, younger.GetPrimaryKeyString()));
        Assert.Equal(OperationStage.Started, (await Operation.BeginAsync("b", Guid.NewGuid(), Token)).Stage);
    }

    [Fact]
    public void A_key_names_one_operation_of_one_user()
    {
        var (user, other) = (Any.UserId, Any.UserId);

        Assert.Equal(Abstractions.Operation.Of(user, "k"), Abstractions.Operation.Of(user, "k"));
        Assert.Distinct([Abstractions.Operation.Of(user, "k"), Abstractions.Operation.Of(user, "l"),
            Abstractions.Operation.Of(other, "k"), Abstractions.Operation.Of(null, "k")]);
        Assert.NotEqual(
            Grains.Operation(user, "k").GetPrimaryKeyString(), Grains.Operation(other, "k").GetPrimaryKeyString());
    }
}
