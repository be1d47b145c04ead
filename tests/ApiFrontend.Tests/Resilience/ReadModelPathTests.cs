using System.Data.Common;
using System.Diagnostics.Metrics;
using Lms.ApiFrontend.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Lms.ApiFrontend.Tests.Resilience;

/// <summary>What stands before the read model of a gateway, and when its replica is asked.</summary>
public sealed class ReadModelPathTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ReadModelPath _path;

    public ReadModelPathTests() => _path = new(
        Options.Create(new ReadModelOptions()), new(_services.GetRequiredService<IMeterFactory>()), _clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task A_query_that_hangs_is_given_up_though_it_does_not_listen()
    {
        var query = _path.ReadAsync(_ => new TaskCompletionSource().Task, replica: null, Token);

        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(query.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));

        var fault = await Assert.ThrowsAsync<TimeoutRejectedException>(() => query);
        Assert.True(GrainFaults.IsUnavailable(fault));
    }

    [Fact]
    public async Task Two_queries_that_hang_one_after_the_other_open_the_breaker_and_then_nobody_waits()
    {
        for (var number = 0; number < 2; number++)
        {
            var query = _path.ReadAsync(_ => new TaskCompletionSource().Task, replica: null, Token);
            _clock.Advance(TimeSpan.FromSeconds(3));
            await Assert.ThrowsAsync<TimeoutRejectedException>(() => query);
        }

        var fault = await Assert.ThrowsAsync<BrokenCircuitException>(() => _path.ReadAsync(NeverAsked, replica: null, Token));
        Assert.True(GrainFaults.IsUnavailable(fault));
    }

    [Fact]
    public async Task The_replica_is_asked_only_while_the_breaker_of_the_primary_is_open()
    {
        var (primary, replica) = (new Database { IsGone = true }, new Database());
        for (var number = 0; number < 2; number++)
        {
            await Assert.ThrowsAnyAsync<DbException>(() => _path.ReadAsync(primary.AskAsync, replica.AskAsync, Token));
        }

        Assert.Equal((2, 0), (primary.Queries, replica.Queries));
        await _path.ReadAsync(primary.AskAsync, replica.AskAsync, Token);
        Assert.Equal((2, 1), (primary.Queries, replica.Queries));

        primary.IsGone = false;
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _path.ReadAsync(primary.AskAsync, replica.AskAsync, Token);
        await _path.ReadAsync(primary.AskAsync, replica.AskAsync, Token);

        Assert.Equal((4, 1), (primary.Queries, replica.Queries));
    }

    [Fact]
    public async Task When_both_are_gone_neither_is_asked()
    {
        var (primary, replica) = (new Database { IsGone = true }, new Database { IsGone = true });
        for (var number = 0; number < 4; number++)
        {
            await Assert.ThrowsAnyAsync<DbException>(() => _path.ReadAsync(primary.AskAsync, replica.AskAsync, Token));
        }

        await Assert.ThrowsAsync<BrokenCircuitException>(() => _path.ReadAsync(primary.AskAsync, replica.AskAsync, Token));

        Assert.Equal((2, 2), (primary.Queries, replica.Queries));
    }

    [Theory]
    [InlineData("42P01")] // no such table
    [InlineData("22P02")]
    public async Task A_wrong_question_does_not_count_against_the_database(string state)
    {
        var database = new Database { IsGone = true, State = state };
        for (var number = 0; number < 20; number++)
        {
            await Assert.ThrowsAnyAsync<DbException>(() => _path.ReadAsync(database.AskAsync, NeverAsked, Token));
        }

        Assert.Equal(20, database.Queries);
    }

    [Fact]
    public async Task The_state_of_the_breaker_and_what_it_refuses_are_counted()
    {
        var (states, counts) = (new List<(string, string?, int)>(), new List<(string, string?, long)>());
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => states.Add((instrument.Name, tags[0].Value as string, value)));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counts.Add((instrument.Name, tags[^1].Value as string, value)));
        listener.Start();
        var primary = new Database { IsGone = true };
        for (var number = 0; number < 2; number++)
        {
            await Assert.ThrowsAnyAsync<DbException>(() => _path.ReadAsync(primary.AskAsync, new Database().AskAsync, Token));
        }

        await _path.ReadAsync(primary.AskAsync, new Database().AskAsync, Token);
        listener.RecordObservableInstruments();

        const string State = "lms.gateway.breaker.state";
        Assert.Equal([(State, "read-model", 1), (State, "read-model-replica", 0)], states);
        Assert.Single(counts, count => count == ("lms.gateway.breaker.opened", "read", 1));
        Assert.Single(counts, count => count == ("lms.gateway.rejections", "breaker", 1));
        Assert.Single(counts, count => count == ("lms.gateway.fallbacks", "replica", 1));
    }

    private static Task NeverAsked(CancellationToken cancellationToken) => throw new InvalidOperationException("It is not asked.");

    private sealed class Database
    {
        public bool IsGone { get; set; }

        public string? State { get; init; }

        public int Queries { get; private set; }

        public Task AskAsync(CancellationToken cancellationToken)
        {
            Queries++;
            return IsGone ? Task.FromException(new Gone(State)) : Task.CompletedTask;
        }
    }

    private sealed class Gone(string? state) : DbException
    {
        public override string? SqlState { get; } = state;
    }
}
