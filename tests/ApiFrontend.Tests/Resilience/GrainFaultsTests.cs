using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Orleans.Serialization;

namespace Lms.ApiFrontend.Tests.Resilience;

/// <summary>Which ends of a call are tried again, and told to clients as an invitation to repeat.</summary>
public sealed class GrainFaultsTests
{
    public static TheoryData<Exception> Passing =>
    [
        new GrainFault(FaultKind.Storage, ""),
        new GrainFault(FaultKind.Conflict, ""),
        new GrainFault(FaultKind.Unreachable, ""),
        new GrainFault(FaultKind.Timeout, ""),
        new TimeoutException(),
        new CodecNotFoundException("Could not find a codec for type StackExchange.Redis.RedisConnectionException."),
        new SiloUnavailableException(),
        new LimitExceededException("stuck"),
        new OrleansException("No active nodes are compatible with grain book."),
    ];

    public static TheoryData<Exception> Lasting =>
    [
        new GrainFault(FaultKind.Unexpected, ""),
        new OrleansException("The state cannot be read.", new FormatException()),
        new InvalidOperationException(),
    ];

    [Theory]
    [MemberData(nameof(Passing), DisableDiscoveryEnumeration = true)]
    public void What_may_pass_is_tried_again(Exception exception) =>
        Assert.Equal((true, true), (GrainFaults.IsTransient(exception), GrainFaults.IsUnavailable(exception)));

    [Theory]
    [MemberData(nameof(Lasting), DisableDiscoveryEnumeration = true)]
    public void A_defect_is_not(Exception exception) =>
        Assert.Equal((false, false), (GrainFaults.IsTransient(exception), GrainFaults.IsUnavailable(exception)));

    [Fact]
    public async Task A_call_that_a_silo_gives_up_is_tried_again()
    {
        var attempts = 0;

        var answer = await Calls.ReadAsync<IGrain, string>(
            null!,
            (_, _) => ++attempts < 3 ? Task.FromException<string>(new OperationCanceledException()) : Task.FromResult("here"),
            TestContext.Current.CancellationToken);

        Assert.Equal(("here", 3), (answer, attempts));
    }

    [Fact]
    public async Task A_call_that_the_client_gives_up_is_not()
    {
        using var client = new CancellationTokenSource();
        var attempts = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Calls.ReadAsync<IGrain, string>(
            null!,
            async (_, token) =>
            {
                attempts++;
                await client.CancelAsync();
                token.ThrowIfCancellationRequested();
                return "here";
            },
            client.Token));

        Assert.Equal(1, attempts);
    }

    private static GrainCalls Calls =>
        TestPipelines.Calls(TimeProvider.System, ("Resilience:RetryDelay", "00:00:00.001"));
}
