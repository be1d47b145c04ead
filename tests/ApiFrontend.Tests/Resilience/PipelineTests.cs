using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Testing;
using Polly.Timeout;

namespace Lms.ApiFrontend.Tests.Resilience;

/// <summary>What stands before the grains of each service, and what it does.</summary>
public sealed class PipelineTests
{
    private static readonly GrainFault s_unreachable = new(FaultKind.Unreachable, "");
    private static readonly GrainFault s_timeout = new(FaultKind.Timeout, "");

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Registered => new(
        from service in ServicePipelines.Services from kind in Enum.GetValues<CallKind>() select (service, kind == CallKind.Write));

    [Fact]
    public void Every_service_has_its_own() => Assert.Equal(
        ["authors", "books", "copies", "genres", "lendings", "readers", "shared", "users"],
        ServicePipelines.Services.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Registered))]
    public void All_have_the_same_order_and_numbers(string service, bool isWrite)
    {
        using var services = TestPipelines.Of(_clock);
        var pipeline = services.GetRequiredService<ServicePipelines>().Find(service, isWrite ? CallKind.Write : CallKind.Read)!;

        var strategies = pipeline.Strategies.GetPipelineDescriptor().Strategies.Select(strategy => strategy.Options).ToList();

        Assert.Equal(TimeSpan.FromSeconds(isWrite ? 5 : 4), pipeline.Timeout);
        Assert.Collection(
            strategies,
            total => Assert.NotNull(Assert.IsType<TimeoutStrategyOptions>(total).TimeoutGenerator),
            retry =>
            {
                var options = Assert.IsType<RetryStrategyOptions>(retry);
                Assert.Equal(
                    (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500), int.MaxValue, true),
                    (options.Delay, options.MaxDelay!.Value, options.MaxRetryAttempts, options.UseJitter));
            },
            breaker =>
            {
                var options = Assert.IsType<CircuitBreakerStrategyOptions>(breaker);
                Assert.Equal(
                    (0.9, 20, TimeSpan.FromSeconds(5)), (options.FailureRatio, options.MinimumThroughput, options.SamplingDuration));
                Assert.Same(pipeline.State, options.StateProvider);
                Assert.Same(pipeline.Control, options.ManualControl);
            },
            limit => Assert.Equal(
                (512, 0),
                (((RateLimiterStrategyOptions)limit!).DefaultRateLimiterOptions.PermitLimit, ((RateLimiterStrategyOptions)limit).DefaultRateLimiterOptions.QueueLimit)),
            attempt => Assert.Equal(TimeSpan.FromMilliseconds(700), Assert.IsType<TimeoutStrategyOptions>(attempt).Timeout));
    }

    [Fact]
    public void One_service_may_have_other_numbers()
    {
        using var services = TestPipelines.Of(
            _clock, ("Resilience:AttemptTimeout", "00:00:00.300"), ("Resilience:Services:books:AttemptTimeout", "00:00:00.900"));

        Assert.Equal(("00:00:00.9000000", "00:00:00.3000000"), (AttemptTimeout("books"), AttemptTimeout("lendings")));

        string AttemptTimeout(string service) => ((TimeoutStrategyOptions)services.GetRequiredService<ServicePipelines>()
            .Find(service, CallKind.Read)!.Strategies.GetPipelineDescriptor().Strategies[^1].Options!).Timeout.ToString();
    }

    [Theory]
    [InlineData("Resilience:Services:boks:AttemptTimeout", "00:00:00.900", "Lms:Resilience:Services: there is no service 'boks'.")]
    [InlineData("Resilience:Services:boks", "", "Lms:Resilience:Services: there is no service 'boks'.")]
    [InlineData("Chaos:Services:0", "boks", "Lms:Chaos:Services: there is no service 'boks'.")]
    public void A_service_that_does_not_exist_has_no_settings(string name, string value, string sentence)
    {
        using var services = TestPipelines.Of(_clock, (name, value));

        var exception = Assert.Throws<WrongSettingException>(() => WrongSettingException.ThrowIfAny(services));

        Assert.Equal(
            $"Wrong configuration: {sentence} There are authors, books, copies, genres, lendings, readers, users, shared.",
            exception.Message);
    }

    [Theory]
    [InlineData("Resilience:Services:BOOKS:AttemptTimeout", "00:00:00.900")]
    [InlineData("Resilience:Services:shared:AttemptTimeout", "00:00:00.900")]
    [InlineData("Chaos:Services:0", "Books")]
    [InlineData("Chaos:Services:0", "shared")]
    public void A_service_that_exists_has_them_in_whatever_case(string name, string value)
    {
        using var services = TestPipelines.Of(_clock, (name, value));

        WrongSettingException.ThrowIfAny(services);
    }

    [Theory]
    [InlineData(0, 1_000)]
    [InlineData(1, 2_000)]
    [InlineData(2, 3_000)]
    [InlineData(int.MaxValue, 3_000)]
    public void A_breaker_may_refuse_for_longer_while_trials_fail(int failedTrials, int milliseconds) => Assert.Equal(
        TimeSpan.FromMilliseconds(milliseconds),
        PipelineFactory.BreakDuration(new() { MaxBreakDuration = TimeSpan.FromSeconds(3) }, failedTrials));

    [Fact]
    public async Task A_breaker_opens_for_its_service_alone_and_closes_when_a_trial_succeeds()
    {
        var calls = TestPipelines.Calls(_clock, ("Resilience:MaxRetries", "0"), ("Resilience:MaxBreakDuration", "00:00:02"));
        for (var call = 0; call < 20; call++)
        {
            await Assert.ThrowsAsync<GrainFault>(() => ReadAsync<IBookGrain>(calls, s_unreachable));
        }

        await Assert.ThrowsAsync<BrokenCircuitException>(() => ReadAsync<IBookGrain>(calls, fault: null));
        Assert.Equal("here", await ReadAsync<IAuthorGrain>(calls, fault: null));
        Assert.Equal("here", await WriteAsync<IBookGrain>(calls, fault: null));

        _clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<GrainFault>(() => ReadAsync<IBookGrain>(calls, s_unreachable));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<BrokenCircuitException>(() => ReadAsync<IBookGrain>(calls, fault: null));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("here", await ReadAsync<IBookGrain>(calls, fault: null));
        Assert.Equal("here", await ReadAsync<IBookGrain>(calls, fault: null));
    }

    [Fact]
    public async Task A_read_that_opens_the_breaker_or_is_its_trial_waits_for_no_other_attempt()
    {
        var calls = TestPipelines.Calls(_clock, ("Resilience:BreakerMinimumCalls", "2"), ("Resilience:ReadTimeout", "00:01:00"));
        var attempts = 0;
        var reads = new[] { FailAsync(), FailAsync() };
        await Assert.ThrowsAsync<GrainFault>(() => Task.WhenAny(reads).Unwrap().WaitAsync(TimeSpan.FromSeconds(30), Token));

        // The other one asks again when its pause is over, or the breaker's: it is the trial.
        while (!reads.All(read => read.IsCompleted))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Token);
        }

        await Assert.ThrowsAsync<GrainFault>(() => Task.WhenAll(reads));
        Assert.Equal(3, attempts);

        Task FailAsync() => calls.ReadAsync<IBookGrain, string>(
            null!,
            (_, _) =>
            {
                Interlocked.Increment(ref attempts);
                return Task.FromException<string>(s_unreachable);
            },
            Token);
    }

    [Theory]
    [InlineData(75, true)] // one silo of three, and each of its calls is tried six times
    [InlineData(89, true)]
    [InlineData(90, false)]
    public async Task The_end_of_one_silo_does_not_shut_the_service_of_the_others(int failuresOfHundred, bool isServed)
    {
        var calls = TestPipelines.Calls(_clock, ("Resilience:MaxRetries", "0"));
        for (var call = 0; call < 100 - failuresOfHundred; call++)
        {
            await ReadAsync<IBookGrain>(calls, fault: null);
        }

        for (var call = 0; call < failuresOfHundred; call++)
        {
            await Assert.ThrowsAsync<GrainFault>(() => ReadAsync<IBookGrain>(calls, s_unreachable));
        }

        var answer = await Record.ExceptionAsync(() => ReadAsync<IBookGrain>(calls, fault: null));

        Assert.Equal(isServed, answer is null);
    }

    [Fact]
    public async Task Who_lost_a_race_asks_again_and_it_does_not_count_against_the_service()
    {
        var calls = TestPipelines.Calls(_clock, ("Resilience:MaxRetries", "0"));
        for (var call = 0; call < 100; call++)
        {
            await Assert.ThrowsAsync<GrainFault>(() => WriteAsync<IBookGrain>(calls, new GrainFault(FaultKind.Conflict, "")));
        }

        Assert.Equal("here", await WriteAsync<IBookGrain>(calls, fault: null));
    }

    [Fact]
    public async Task What_exceeds_the_limit_is_refused_at_once_and_others_are_not()
    {
        var calls = TestPipelines.Calls(_clock, ("Resilience:MaxConcurrentCalls", "3"));
        var hanging = new TaskCompletionSource<string>();
        var held = Enumerable.Range(0, 3).Select(_ => calls.ReadAsync<IBookGrain, string>(null!, (_, _) => hanging.Task, Token)).ToList();

        await Assert.ThrowsAsync<RateLimiterRejectedException>(() => ReadAsync<IBookGrain>(calls, fault: null));
        Assert.Equal("here", await ReadAsync<IAuthorGrain>(calls, fault: null));

        hanging.SetResult("late");
        Assert.Equal(["late", "late", "late"], await Task.WhenAll(held));
        Assert.Equal("here", await ReadAsync<IBookGrain>(calls, fault: null));
    }

    [Fact]
    public async Task A_call_that_hangs_is_tried_again_until_its_time_is_over()
    {
        var calls = TestPipelines.Calls(_clock);
        var attempts = 0;
        var read = calls.ReadAsync<IBookGrain, string>(
            null!,
            (_, _) =>
            {
                attempts++;
                return new TaskCompletionSource<string>().Task;
            },
            Token);

        while (!read.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => read);
        Assert.InRange(attempts, 4, 6);
    }

    [Fact]
    public async Task A_service_that_fails_wholly_gets_little_more_calls_than_without_retries()
    {
        const int requests = 4_000;
        var calls = TestPipelines.Calls(
            TimeProvider.System,
            ("Resilience:RetryDelay", "00:00:00.001"),
            ("Resilience:MaxRetryDelay", "00:00:00.001"),
            ("Resilience:WriteTimeout", "00:01:00"),
            ("Resilience:RetryBurst", "400"),
            ("Resilience:BreakerMinimumCalls", "100000"));
        var attempts = 0;

        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 128, CancellationToken = Token }, async (_, _) =>
            await Assert.ThrowsAsync<GrainFault>(() => calls.WriteAsync<IBookGrain, string>(
                null!,
                (_, _) =>
                {
                    Interlocked.Increment(ref attempts);
                    return Task.FromException<string>(s_timeout);
                },
                Token)));

        Assert.InRange(attempts, requests, 1.2 * requests);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task As_numbers_are_a_service_that_fails_wholly_gets_few_calls(bool isWrite, bool isReached)
    {
        // All in one second; each waits as long as it must.
        const int requests = 500;
        var calls = TestPipelines.Calls(TimeProvider.System);
        var (attempts, fault) = (0, isReached ? s_timeout : s_unreachable);
        Func<IBookGrain, CancellationToken, Task<string>> failAsync = (_, _) =>
        {
            Interlocked.Increment(ref attempts);
            return Task.FromException<string>(fault);
        };

        await Task.WhenAll(Enumerable.Range(0, requests).Select(async request =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2 * request), Token);
            Assert.NotNull(await Record.ExceptionAsync(() => isWrite
                ? calls.WriteAsync<IBookGrain, string>(null!, failAsync, Token)
                : calls.ReadAsync<IBookGrain, string>(null!, failAsync, Token)));
        }));

        Assert.InRange(attempts, 1, 1.2 * requests);
    }

    [Fact]
    public async Task What_reached_nobody_is_repeated_although_nothing_is_saved_for_it()
    {
        var calls = TestPipelines.Calls(
            TimeProvider.System, ("Resilience:RetryDelay", "00:00:00.001"), ("Resilience:RetryBurst", "0"), ("Resilience:RetryShare", "0"));
        var attempts = 0;

        var answer = await calls.WriteAsync<IBookGrain, string>(
            null!, (_, _) => ++attempts < 5 ? Task.FromException<string>(s_unreachable) : Task.FromResult("here"), Token);

        Assert.Equal(("here", 5), (answer, attempts));
        await Assert.ThrowsAsync<GrainFault>(() => WriteAsync<IBookGrain>(calls, s_timeout));
    }

    [Fact]
    public async Task An_isolated_service_is_refused_until_somebody_closes_its_breaker()
    {
        using var services = TestPipelines.Of(_clock);
        var calls = services.GetRequiredService<GrainCalls>();
        var pipeline = services.GetRequiredService<ServicePipelines>().Find("books", CallKind.Read)!;

        await pipeline.Control.IsolateAsync(Token);
        await Assert.ThrowsAsync<IsolatedCircuitException>(() => ReadAsync<IBookGrain>(calls, fault: null));
        Assert.Equal(CircuitState.Isolated, pipeline.State.CircuitState);

        await pipeline.Control.CloseAsync(Token);
        Assert.Equal("here", await ReadAsync<IBookGrain>(calls, fault: null));
    }

    [Theory]
    [InlineData("books")]
    [InlineData("Books")]
    public async Task Faults_of_our_own_making_hit_the_services_that_they_are_meant_for(string service)
    {
        var calls = TestPipelines.Calls(
            _clock, ("Resilience:MaxRetries", "0"), ("Chaos:FaultRate", "1"), ("Chaos:Services:0", service));

        await Assert.ThrowsAsync<GrainFault>(() => ReadAsync<IBookGrain>(calls, fault: null));
        Assert.Equal("here", await ReadAsync<IAuthorGrain>(calls, fault: null));
    }

    [Fact]
    public async Task A_delay_of_our_own_making_exceeds_an_attempt()
    {
        var calls = TestPipelines.Calls(_clock, ("Resilience:MaxRetries", "0"), ("Chaos:LatencyRate", "1"));

        var read = ReadAsync<IBookGrain>(calls, fault: null);
        _clock.Advance(TimeSpan.FromMilliseconds(700));

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => read);
    }

    private static Task<string> ReadAsync<TGrain>(GrainCalls calls, Exception? fault)
        where TGrain : IGrain => calls.ReadAsync<TGrain, string>(default!, (_, _) => Answer(fault), Token);

    private static Task<string> WriteAsync<TGrain>(GrainCalls calls, Exception? fault)
        where TGrain : IGrain => calls.WriteAsync<TGrain, string>(default!, (_, _) => Answer(fault), Token);

    private static Task<string> Answer(Exception? fault) =>
        fault is null ? Task.FromResult("here") : Task.FromException<string>(fault);
}
