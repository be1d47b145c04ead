using Lms.Grains.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Lms.Grains.Tests;

public sealed class LibraryCalendarTests
{
    [Theory]
    [InlineData("2026-01-05T23:59:59Z", "2026-01-05")] // winter: Lisbon is UTC
    [InlineData("2026-01-06T00:00:00Z", "2026-01-06")]
    [InlineData("2026-07-05T22:59:59Z", "2026-07-05")] // summer: Lisbon is an hour ahead
    [InlineData("2026-07-05T23:00:00Z", "2026-07-06")]
    [InlineData("2026-12-31T23:59:59Z", "2026-12-31")]
    public void A_day_is_that_of_the_library(string instant, string day)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse(instant, null));
        var calendar = new LibraryCalendar(clock, TimeZoneInfo.FindSystemTimeZoneById("Europe/Lisbon"));

        Assert.Equal(DateOnly.Parse(day, null), calendar.Today);
    }
}
