using Lms.ApiFrontend.Cache;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Tests.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Genres;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;

namespace Lms.ApiFrontend.Tests.Cache;

/// <summary>What is answered when the grain does not, and how old that is.</summary>
public sealed class CatalogueCacheTests : IDisposable
{
    private static readonly GrainFault s_unreachable = new(FaultKind.Unreachable, "");
    private static readonly Rejection s_unknown = new(RejectionKind.NotFound, "genre-unknown", "Genre not found");

    private readonly FakeTimeProvider _clock = new();
    private readonly ServiceProvider _services;

    private Func<Task<Result<Genre>>> _grain = () => Task.FromException<Result<Genre>>(s_unreachable);
    private Func<Task<Genre?>> _readModel = () => Task.FromResult<Genre?>(null);
    private int _asked;

    // What is fresh in the cache's own time is over in a moment; how old it is is a matter of the clock.
    public CatalogueCacheTests() => _services = TestPipelines.Of(
        _clock, ("Cache:FreshFor", "00:00:00.001"), ("Resilience:MaxRetries", "0"), ("Cache:Patience", "00:00:30"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private CatalogueCache Cache => _services.GetRequiredService<CatalogueCache>();

    private Source<Genre> Source => new(
        "genres",
        "genre:drama",
        _ =>
        {
            Interlocked.Increment(ref _asked);
            return _grain();
        },
        _ => _readModel(),
        genre => genre.Version);

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task The_grain_answers_when_it_can()
    {
        (_grain, _readModel) = (Says(1), Knows(1));

        Assert.Equal((1, null, null), await AskAsync());
    }

    [Fact]
    public async Task Many_who_ask_at_once_are_one()
    {
        using var services = TestPipelines.Of(_clock, ("Cache:FreshFor", "00:00:30"));
        var cache = services.GetRequiredService<CatalogueCache>();
        var hanging = new TaskCompletionSource<Result<Genre>>();
        _grain = () => hanging.Task;
        var asking = Enumerable.Range(0, 100).Select(_ => cache.GetAsync(Source, Token)).ToList();
        hanging.SetResult(Drama(1));

        Assert.All(await Task.WhenAll(asking), answer => Assert.Equal(1, answer.Value!.Version));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task When_the_grain_fails_the_read_model_answers()
    {
        _readModel = Knows(3);

        Assert.Equal((3, "read-model", "0"), await AskAsync());
    }

    [Fact]
    public async Task When_the_grain_hesitates_the_read_model_is_asked_and_the_grain_not_again()
    {
        _grain = () => new TaskCompletionSource<Result<Genre>>().Task;
        _readModel = Knows(3);

        var answer = AskAsync();
        while (_asked == 0)
        {
            await Task.Yield();
        }

        _clock.Advance(TimeSpan.FromMilliseconds(149));
        Assert.False(answer.IsCompleted);
        while (!answer.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.Equal(3, (await answer).Version);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task The_grain_wins_while_the_read_model_hesitates()
    {
        var (grain, readModel) = (new TaskCompletionSource<Result<Genre>>(), new TaskCompletionSource<Genre?>());
        var readModelAsked = new TaskCompletionSource();
        _grain = () => grain.Task;
        _readModel = () =>
        {
            readModelAsked.SetResult();
            return readModel.Task;
        };

        var answer = AskAsync();
        while (!readModelAsked.Task.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        grain.SetResult(Drama(5));
        Assert.Equal((5, null, null), await answer);
    }

    [Fact]
    public async Task When_nobody_answers_the_last_answer_is_given_with_its_age()
    {
        _grain = Says(2);
        await AskAsync();
        await ForgetFreshnessAsync();

        _clock.Advance(TimeSpan.FromSeconds(37));
        (_grain, _readModel) = (Fails(), () => Task.FromException<Genre?>(new TimeoutException()));

        Assert.Equal((2, "stale", "37"), await AskAsync());
    }

    [Fact]
    public async Task The_read_model_does_not_take_back_what_was_known()
    {
        _grain = Says(7);
        await AskAsync();
        await ForgetFreshnessAsync();

        _clock.Advance(TimeSpan.FromSeconds(5));
        (_grain, _readModel) = (Fails(), Knows(6));

        Assert.Equal((7, "stale", "5"), await AskAsync());
    }

    [Fact]
    public async Task What_nobody_knows_is_a_fault()
    {
        await Assert.ThrowsAsync<GrainFault>(AskAsync);
        _grain = () => Task.FromException<Result<Genre>>(new BrokenCircuitException());
        await Assert.ThrowsAsync<BrokenCircuitException>(AskAsync);
    }

    [Fact]
    public async Task A_defect_is_told_and_not_covered_up_by_the_read_model()
    {
        (_grain, _readModel) = (() => Task.FromException<Result<Genre>>(new FormatException()), Knows(1));

        await Assert.ThrowsAsync<FormatException>(AskAsync);
    }

    [Fact]
    public async Task A_refusal_is_given_although_something_was_known_and_is_not_kept()
    {
        _grain = Says(2);
        await AskAsync();
        await ForgetFreshnessAsync();

        _grain = () => Task.FromResult<Result<Genre>>(s_unknown);
        Assert.Equal(s_unknown, (await Cache.GetAsync(Source, Token)).Rejection);

        _grain = Says(3);
        Assert.Equal((3, null, null), await AskAsync());
    }

    [Fact]
    public async Task Who_wrote_sees_it_although_an_older_read_ends_later()
    {
        var late = new TaskCompletionSource<Result<Genre>>();
        _grain = () => late.Task;
        var reader = Cache.GetAsync(Source, Token);

        await Cache.KeepAsync(Source, Drama(2));
        late.SetResult(Drama(1));
        await reader;

        _grain = Fails();
        Assert.Equal(2, (await AskAsync()).Version);
    }

    [Fact]
    public async Task Who_repeats_a_write_of_another_gateway_sees_it_although_something_older_is_fresh_here()
    {
        using var services = TestPipelines.Of(_clock, ("Cache:FreshFor", "00:00:30"));
        var cache = services.GetRequiredService<CatalogueCache>();
        _grain = Says(1);
        await cache.GetAsync(Source, Token);

        _grain = Says(2);
        Assert.Equal(1, (await cache.GetAsync(Source, Token)).Value!.Version);
        Assert.Equal(2, (await cache.ReloadAsync(Source, Token)).Value!.Version);
        Assert.Equal(2, (await cache.GetAsync(Source, Token)).Value!.Version);
    }

    [Fact]
    public async Task What_never_changes_is_never_old()
    {
        _grain = Says(0);
        var forever = Source with { IsImmutable = true };
        await AskAsync(forever);

        _clock.Advance(TimeSpan.FromHours(1));
        _grain = Fails();

        Assert.Equal((0, null, null), await AskAsync(forever));
    }

    private static Genre Drama(int version) => new() { Name = GenreName.Of("drama"), Spelling = "Drama", Version = version };

    private static Func<Task<Result<Genre>>> Says(int version) => () => Task.FromResult<Result<Genre>>(Drama(version));

    private static Func<Task<Result<Genre>>> Fails() => () => Task.FromException<Result<Genre>>(s_unreachable);

    private static Func<Task<Genre?>> Knows(int version) => () => Task.FromResult<Genre?>(Drama(version));

    // FreshFor in the time of the cache, which is not the test's.
    private static Task ForgetFreshnessAsync() => Task.Delay(20, Token);

    private Task<(int Version, string? Degraded, string? Age)> AskAsync() => AskAsync(Source);

    /// <summary>The answer, and what its headers say.</summary>
    private async Task<(int Version, string? Degraded, string? Age)> AskAsync(Source<Genre> source)
    {
        var http = new DefaultHttpContext();
        var starting = new StartingResponse();
        http.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpResponseFeature>(starting);
        var version = -1;
        await Degradation.UseAsync(http, async _ => version = (await Cache.GetAsync(source, Token)).Value!.Version);
        await starting.StartAsync();
        return (version, Text("Lms-Degraded"), Text("Age"));

        string? Text(string header) => http.Response.Headers.TryGetValue(header, out var value) ? value.ToString() : null;
    }

    /// <summary>A response that starts when it is told to.</summary>
    private sealed class StartingResponse : Microsoft.AspNetCore.Http.Features.HttpResponseFeature
    {
        private readonly Stack<(Func<object, Task> Callback, object State)> _callbacks = new();

        public override void OnStarting(Func<object, Task> callback, object state) => _callbacks.Push((callback, state));

        public async Task StartAsync()
        {
            while (_callbacks.TryPop(out var next))
            {
                await next.Callback(next.State);
            }
        }
    }
}
