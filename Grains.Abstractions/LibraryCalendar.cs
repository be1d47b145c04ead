namespace Lms.Grains.Abstractions;

/// <summary>Which day it is at the library. Instants are UTC; days are those of the library's time zone.</summary>
public sealed class LibraryCalendar(TimeProvider clock, TimeZoneInfo timeZone)
{
    /// <summary>The instant, in UTC.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The day at the library. Ask once per command and store the answer.</summary>
    public DateOnly Today => DayOf(Now);

    /// <summary>The day at the library when it is <paramref name="instant"/>.</summary>
    public DateOnly DayOf(DateTimeOffset instant) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, timeZone).DateTime);
}
