using System.Net;
using Lms.Chaos.Load;

namespace Lms.Cluster.Tests;

/// <summary>A load that goes on at another rate.</summary>
public sealed class LoadTests
{
    private static readonly LoadOptions s_options = new()
    {
        Urls = [],
        Rate = 2,
        Duration = TimeSpan.FromSeconds(1),
        Tail = new(4, TimeSpan.FromSeconds(0.5)),
    };

    [Fact]
    public void The_tail_follows_without_a_gap() =>
        Assert.Equal([0.0, 0.5, 1.0, 1.25], Arrivals.Of(s_options).Select(at => at.TotalSeconds));

    [Fact]
    public void Requests_of_the_tail_are_counted_in_the_tail_only_in_seconds_from_its_start()
    {
        var samples = new Samples(s_options with { Duration = TimeSpan.FromSeconds(30), Tail = new(4, TimeSpan.FromSeconds(15)) });
        var good = new Answer(HttpStatusCode.OK, "", null, false, null, "");
        Add(29.9, good);
        Add(30, good);
        Add(32.5, Answer.Failed("timeout", ""));

        var result = samples.Result(
            DateTimeOffset.UnixEpoch,
            retried: 0,
            repeated: 0,
            new() { Acknowledged = 0, Unknown = 0, Lost = [], Unread = [], StaleReads = [] });

        var tail = result.Tail!;
        Assert.Equal((2.0, 1, 0, 29.9), (result.Rate, result.Requests, result.Failed, result.Seconds));
        Assert.Equal((4.0, 2, 1, 2.5), (tail.Rate, tail.Requests, tail.Failed, tail.Seconds));
        Assert.Equal([0, 2], tail.PerSecond.Select(second => second.Second));
        Assert.Empty(result.FailedRequests);
        Assert.Equal(2.5, Assert.Single(tail.FailedRequests).At);
        Assert.Null(tail.Tail);

        void Add(double seconds, Answer answer) => samples.Add(
            TimeSpan.FromSeconds(seconds), TimeSpan.Zero, TimeSpan.Zero, new("book", HttpMethod.Get, "/"), answer, null);
    }
}
