namespace Lms.ApiFrontend.Genres;

/// <summary>A genre as new operations take it.</summary>
internal sealed record GenreRequest(string? Name);

/// <summary>A genre as new operations show it; the version is its ETag.</summary>
internal sealed record GenreView(string Name, int Version);

/// <summary>A genre as reports show it.</summary>
internal sealed record GenreReportView(string Genre);

internal sealed record GenreBookCountView(GenreReportView GenreView, long BookCount);

internal sealed record GenreLendingsView(string Genre, double Value);

internal sealed record GenreCountPerMonthView(int Year, int Month, IReadOnlyList<GenreLendingsView> LendingsCount);

internal sealed record GenreAvgPerMonthView(int Year, int Month, IReadOnlyList<GenreLendingsView> DurationAverages);

internal sealed record MonthQuery(int? Year, int? Month);
