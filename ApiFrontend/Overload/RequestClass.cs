namespace Lms.ApiFrontend.Overload;

/// <summary>How much a request matters when there is not room for all. The first are the last to be refused.</summary>
internal enum RequestClass
{
    /// <summary>Lending, returning, and whoever has to sign in for it: somebody stands at the desk.</summary>
    Desk = 0,

    /// <summary>Reads and changes of one thing: somebody waits for a page.</summary>
    Single = 1,

    /// <summary>Lists and searches.</summary>
    List = 2,

    /// <summary>Reports, imports and exports: they can be had later.</summary>
    Report = 3,
}

/// <summary>To which class each operation belongs. What is in no table is <see cref="RequestClass.Single"/>.</summary>
internal static class RequestClasses
{
    private static readonly string[] s_desk = ["LendBook", "ReturnBook", "ReturnAtDesk", "GetOperation", "GetCopy", "GetLending", "SignIn"];

    private static readonly string[] s_lists =
    [
        "FindAuthors", "GetBooksOfAuthor", "GetCoAuthors", "FindBooks", "SearchBooks", "FindBooksByText", "GetSuggestions",
        "ListCopies", "ListGenres", "SearchLendings", "GetOverdueLendings", "GetReaders", "SearchReaders", "GetLendingsOfReader",
        "SearchUsers", "ListReturnReviews",
    ];

    private static readonly string[] s_reports =
    [
        "GetTop5Authors", "GetTop5Books", "GetAverageLendingDurationOfBook", "GetTop5Genres", "GetAverageLendingsPerGenre",
        "GetLendingsPerMonth", "GetAverageDurationPerMonth", "GetAverageLendingDuration", "GetTop5Readers", "GetTop5ReadersByGenre",
        "GetMonthlyLendings", "StartImport", "ListImports", "ListImportFailures", "ExportBooks", "FollowChanges",
    ];

    /// <summary>By the names of operations.</summary>
    public static IReadOnlyDictionary<string, RequestClass> Named { get; } =
        s_desk.Select(name => KeyValuePair.Create(name, RequestClass.Desk))
            .Concat(s_lists.Select(name => KeyValuePair.Create(name, RequestClass.List)))
            .Concat(s_reports.Select(name => KeyValuePair.Create(name, RequestClass.Report)))
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>Null for what is no operation of the API: health, status and keys are always answered.</summary>
    public static RequestClass? Of(Endpoint? endpoint) =>
        endpoint is not RouteEndpoint { RoutePattern.RawText: { } path } || !path.StartsWith("/api/", StringComparison.Ordinal) ? null
        : endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is { EndpointName: { } name } && Named.TryGetValue(name, out var known) ? known
        : RequestClass.Single;
}
