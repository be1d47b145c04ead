using Lms.ApiFrontend.Overload;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Overload;

/// <summary>How many requests there is room for.</summary>
public sealed class AdaptiveLimitTests
{
    private static readonly TimeSpan s_quick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(900);

    private readonly FakeTimeProvider _clock = new();
    private readonly AdaptiveLimit _limit;

    public AdaptiveLimitTests() => _limit = new(new OverloadOptions { MinRequests = 50, MaxRequests = 1000 }, _clock);

    [Fact]
    public void It_falls_to_what_is_under_way_and_below_while_most_requests_are_slow()
    {
        for (var window = 0; window < 21; window++)
        {
            Assert.Equal(1000, _limit.Current); // a moment is not enough
            Window(underWay: 400, slow: 60);
        }

        Assert.Equal(200, _limit.Current); // they take three times as long as they should

        for (var window = 0; window < 100; window++)
        {
            Window(underWay: _limit.Current, slow: 100);
        }

        Assert.Equal(50, _limit.Current);
    }

    [Fact]
    public void It_falls_by_little_while_they_are_little_too_slow()
    {
        for (var window = 0; window < 21; window++)
        {
            Window(underWay: 400, slow: 60, TimeSpan.FromMilliseconds(310));
        }

        Assert.Equal(360, _limit.Current);
    }

    [Fact]
    public void It_rises_again_while_it_is_used()
    {
        for (var window = 0; window < 30; window++)
        {
            Window(underWay: 100, slow: 100);
        }

        var low = _limit.Current;

        Window(underWay: 10, slow: 0);
        Assert.Equal(low, _limit.Current); // nobody needs more

        for (var window = 0; window < 100; window++)
        {
            Window(underWay: _limit.Current, slow: 0);
        }

        Assert.Equal(1000, _limit.Current);
    }

    [Theory]
    [InlineData(34)] // one silo of three
    [InlineData(50)] // one of two
    public void Those_who_hang_do_not_make_the_others_fewer(int slow)
    {
        for (var window = 0; window < 30; window++)
        {
            Window(underWay: 300, slow);
        }

        Assert.Equal(1000, _limit.Current);
    }

    [Fact]
    public void Few_requests_prove_nothing()
    {
        for (var request = 0; request < 19; request++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _limit.Observe(s_slow, 500);
        }

        Assert.Equal(1000, _limit.Current);
    }

    /// <summary>A tenth of a second with a hundred requests, and those who close it.</summary>
    private void Window(int underWay, int slow, TimeSpan? time = null)
    {
        for (var request = 0; request < 100; request++)
        {
            if (request == 99)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(100));
            }

            _limit.Observe(request < slow ? time ?? s_slow : s_quick, underWay);
        }
    }
}
