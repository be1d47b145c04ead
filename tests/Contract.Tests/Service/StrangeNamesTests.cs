namespace Lms.Contract.Tests;

/// <summary>Names in paths that nobody foresaw: every operation answers them, with no 500 and no stack trace.</summary>
public sealed class StrangeNamesTests(LibraryFixture library)
{
    private static readonly string[] StrangeNames =
    [
        "-1", "0", "abc", "99999999999999999999999", "1.5", "%00", "%0A", "%F0%9F%A6%89", "%2e%2e%2f", "%25", "a%20b",
        "'%20OR%201=1", "%3Cscript%3E", new('9', 3_000),
    ];

    public static TheoryData<string> EveryOperation => [.. Catalogue.All.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(EveryOperation))]
    public async Task No_name_in_a_path_breaks_the_library(string name)
    {
        var operation = Catalogue.Find(name);
        var caller = await library.CallerAsync(operation.SomeRole);
        if (!operation.Template.Contains("{}", StringComparison.Ordinal))
        {
            return;
        }

        foreach (var strange in StrangeNames)
        {
            var content = operation.Method == HttpMethod.Get ? null : Body.Json(new { });
            var answer =
                await caller.SendAsync(operation.Method, operation.Path(strange), content, ("If-Match", "\"0\""));

            Expect.Sane(answer);
        }
    }
}
