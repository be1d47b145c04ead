using Lms.ApiFrontend.Status;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Status;

public sealed class RequestCountsTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(s_start);
    private readonly RequestCounts _counts;

    public RequestCountsTests() => _counts = new(_clock);

    [Fact]
    public void Each_minute_of_each_service_has_its_own_count()
    {
        _counts.Add("books", RequestOutcome.Full);
        _counts.Add("books", RequestOutcome.Failed);
        _counts.Add("users", RequestOutcome.Degraded);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _counts.Add("books", RequestOutcome.Announced);

        Assert.Equal(
            [
                new(s_start, "books", new(Full: 1, Degraded: 0, Failed: 1, Announced: 0)),
                new(s_start, "users", new(Full: 0, Degraded: 1, Failed: 0, Announced: 0)),
                new(s_start.AddMinutes(1), "books", new(Full: 0, Degraded: 0, Failed: 0, Announced: 1)),
            ],
            _counts.Unwritten().OrderBy(count => count.Minute).ThenBy(count => count.Service, StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_counted_while_a_write_is_on_its_way_is_written_with_the_next()
    {
        _counts.Add("books", RequestOutcome.Full);
        var first = _counts.Unwritten();
        _counts.Add("books", RequestOutcome.Full);

        _counts.Written(first);

        var second = Assert.Single(_counts.Unwritten());
        Assert.Equal(2, second.Totals.Full);
        _counts.Written([second]);
        Assert.Empty(_counts.Unwritten());
    }

    [Fact]
    public void What_waits_for_a_day_waits_no_longer_and_the_month_still_knows_it()
    {
        _counts.Add("books", RequestOutcome.Full);
        _clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(1));

        _counts.Add("books", RequestOutcome.Failed);

        Assert.Equal(1, Assert.Single(_counts.Unwritten()).Totals.Failed);
        Assert.Equal(new(Full: 1, Degraded: 0, Failed: 1, Announced: 0), _counts.Within(TimeSpan.FromDays(30))["books"]);
        _clock.Advance(TimeSpan.FromDays(30));
        _counts.Add("users", RequestOutcome.Full);
        Assert.Equal("users", Assert.Single(_counts.Within(TimeSpan.FromDays(30))).Key);
    }

    [Fact]
    public void A_window_is_what_was_counted_within_it()
    {
        _counts.Add("books", RequestOutcome.Failed);
        _clock.Advance(TimeSpan.FromMinutes(59));
        _counts.Add("books", RequestOutcome.Full);

        Assert.Equal(2, _counts.Within(TimeSpan.FromHours(1))["books"].Valid);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new(Full: 1, Degraded: 0, Failed: 0, Announced: 0), _counts.Within(TimeSpan.FromHours(1))["books"]);
        Assert.Equal(2, _counts.Within(TimeSpan.FromHours(24))["books"].Valid);
    }
}
