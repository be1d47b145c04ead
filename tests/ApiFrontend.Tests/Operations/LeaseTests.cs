using System.Threading.Channels;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Tests.Resilience;
using Lms.Grains.Abstractions.Operations;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Operations;

/// <summary>How a gateway keeps the key of what it performs.</summary>
public sealed class LeaseTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly KeyGrain _grain = new();
    private readonly Guid _attempt = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_renewed_before_its_lease_is_over_for_as_long_as_it_is_held()
    {
        await using (Hold())
        {
            for (var renewal = 0; renewal < 5; renewal++)
            {
                _clock.Advance(OperationGrains.Lease / 3);
                Assert.Equal(("f", _attempt), await _grain.Begun.Reader.ReadAsync(Token));
            }
        }

        _clock.Advance(OperationGrains.Lease);
        Assert.False(_grain.Begun.Reader.TryRead(out _));
    }

    [Fact]
    public async Task What_is_quickly_done_renews_nothing()
    {
        await using (Hold())
        {
            _clock.Advance((OperationGrains.Lease / 3) - TimeSpan.FromMilliseconds(1));
        }

        Assert.False(_grain.Begun.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_renewal_that_does_not_come_back_holds_nobody_up()
    {
        _grain.Answer = new TaskCompletionSource<OperationProgress>().Task;
        await using (Hold())
        {
            _clock.Advance(OperationGrains.Lease / 3);
            await _grain.Begun.Reader.ReadAsync(Token);
        }
    }

    private Lease Hold() =>
        new(TestPipelines.Calls(_clock), _grain, "f", _attempt, _clock);

    private sealed class KeyGrain : IOperationGrain
    {
        public Channel<(string, Guid)> Begun { get; } = Channel.CreateUnbounded<(string, Guid)>();

        public Task<OperationProgress> Answer { get; set; } = Task.FromResult(new OperationProgress(OperationStage.Started));

        public Task<OperationProgress> BeginAsync(string fingerprint, Guid attempt, CancellationToken cancellationToken)
        {
            Begun.Writer.TryWrite((fingerprint, attempt));
            return Answer;
        }

        public Task<string> ReserveAsync(string identity, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task CompleteAsync(OperationOutcome outcome, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task AbandonAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ForgetAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
