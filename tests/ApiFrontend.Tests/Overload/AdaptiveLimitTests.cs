using Lms.ApiFrontend.Overload;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Overload;

/// <summary>How many requests there is room for.</summary>
public sealed class AdaptiveLimitTests
{
    private const int Min = 10;
    private const int Max = 1000;

    private static readonly TimeSpan s_quick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(900);

    private static readonly OverloadOptions s_options = new()
    {
        MinRequests = Min,
        CrowdedRequests = 3,
        MaxRequests = Max,
        TargetTime = TimeSpan.FromMilliseconds(100),
        CrowdedTargetTime = TimeSpan.FromMilliseconds(50),
    };

    private readonly FakeTimeProvider _clock = new();
    private readonly AdaptiveLimit _limit;

    public AdaptiveLimitTests() => _limit = new(s_options, _clock);

    [Theory]
    [InlineData(16, 16, true)]
    [InlineData(17, 16, false)]
    public void There_are_not_fewer_places_at_most_than_always(int always, int atMost, bool isGood) => Assert.Equal(
        isGood, new OverloadOptionsValidator().Validate(name: null, new() { MinRequests = always, MaxRequests = atMost }).Succeeded);

    [Fact]
    public void It_falls_to_half_and_to_half_of_that_while_most_requests_are_slow()
    {
        var before = _limit.Current;
        Window(together: before, slow: 60);
        Assert.Equal(before / 2, _limit.Current);

        for (var window = 0; window < 10; window++)
        {
            Window(together: _limit.Current, slow: 100);
        }

        Assert.Equal(Min, _limit.Current);
    }

    [Fact]
    public void It_falls_by_little_while_they_are_little_too_slow()
    {
        var before = _limit.Current;
        Window(together: before, slow: 60, TimeSpan.FromMilliseconds(101));

        Assert.Equal((int)(before * 0.9), _limit.Current);
    }

    [Fact]
    public void It_rises_while_it_is_used()
    {
        var before = _limit.Current;
        Window(together: (before / 2) - 1, slow: 0);
        Assert.Equal(before, _limit.Current); // nobody needs more

        Window(together: before, slow: 0);
        Assert.Equal(before + 4, _limit.Current);

        for (var window = 0; window < 100; window++)
        {
            Window(together: _limit.Current, slow: 0);
        }

        Assert.Equal(Max, _limit.Current);
    }

    [Theory]
    [InlineData(34)] // one silo of three
    [InlineData(50)] // one of two
    public void Those_who_hang_do_not_make_the_others_fewer(int slow)
    {
        var before = _limit.Current;
        for (var window = 0; window < 30; window++)
        {
            Window(together: 1, slow);
        }

        Assert.Equal(before, _limit.Current);
    }

    [Fact]
    public void When_more_is_asked_than_can_be_done_it_falls_sooner_and_lower()
    {
        var (before, time) = (_limit.Current, TimeSpan.FromMilliseconds(75));
        Window(together: before, slow: 100, time);
        Assert.InRange(_limit.Current, before, before + 4);

        for (var window = 0; window < 20; window++)
        {
            Window(together: _limit.Current, slow: 100, time, isCrowded: true);
        }

        Assert.Equal(3, _limit.Current);
    }

    [Fact]
    public void Few_requests_prove_nothing()
    {
        var before = _limit.Current;
        for (var request = 0; request < 19; request++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _limit.Observe(s_slow, before, isCrowded: false);
        }

        Assert.Equal(before, _limit.Current);
    }

    /// <summary>A tenth of a second with a hundred requests, and those who close it.</summary>
    private void Window(int together, int slow, TimeSpan? time = null, bool isCrowded = false)
    {
        for (var request = 0; request < 100; request++)
        {
            if (request == 99)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(100));
            }

            _limit.Observe(request < slow ? time ?? s_slow : s_quick, together, isCrowded);
        }
    }
}
