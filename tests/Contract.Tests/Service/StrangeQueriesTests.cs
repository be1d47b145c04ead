namespace Lms.Contract.Tests;

/// <summary>Queries that nobody foresaw: every operation answers them, with no 500 and no stack trace.</summary>
public sealed class StrangeQueriesTests(LibraryFixture library)
{
    private static readonly string[] StrangeQueries =
    [
        "?page=0&limit=0", "?page=-1&limit=-1", "?page=abc&limit=1000", "?page=99999999999999&limit=1",
        "?number=abc&limit=",
        "?name=%00", "?name=%FF%FE", "?title=%27%3B--", "?phoneNumber=%00", "?isbn=&returned=perhaps", "?isbn=%00",
        "?startDate=2025-99-99&endDate=x", "?genre=%00&startDate=0000-00-00&endDate=9999-99-99", "?from=x&to=%00",
        "?name=a&name=b", "?=&&=", "?name=" + new string('n', 5_000),
    ];

    public static TheoryData<string> EveryOperation => [.. Catalogue.All.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(EveryOperation))]
    public async Task No_query_breaks_the_library(string name)
    {
        var operation = Catalogue.Find(name);
        if (operation.Method != HttpMethod.Get || operation.IsEndless)
        {
            return;
        }

        var caller = await library.CallerAsync(operation.SomeRole);
        foreach (var query in StrangeQueries)
        {
            Expect.Sane(await caller.GetAsync(operation.Path("1") + query));
        }
    }
}
