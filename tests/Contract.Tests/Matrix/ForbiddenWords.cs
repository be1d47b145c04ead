namespace Lms.Contract.Tests;

/// <summary>The words belong to the whole library: one test at a time changes them, and puts them back.</summary>
internal static class ForbiddenWords
{
    public const string Path = "/api/admin/forbidden-words";

    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>What they are, while nobody changes them.</summary>
    public static async Task KeepAsync(Func<Task> use)
    {
        await Turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await use();
        }
        finally
        {
            Turn.Release();
        }
    }

    public static async Task<Answer> BorrowAsync(Library library, Func<string[], Task<Answer>> change)
    {
        var admin = await library.AdminAsync();
        Answer? answer = null;
        await KeepAsync(async () =>
        {
            var before = Read(Expect.Status(200, await admin.GetAsync(Path)));
            try
            {
                answer = await change(before);
            }
            finally
            {
                Expect.Status(200, await admin.PutAsync(Path, new { words = before }));
            }
        });
        return answer!;
    }

    public static string[] Read(Answer answer) =>
        [.. answer.Json.GetProperty("words").EnumerateArray().Select(word => word.GetString()!)];
}
