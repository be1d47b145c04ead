using System.Globalization;
using System.Text.Json;
using Lms.ApiFrontend.Tests.Library;
using Lms.ReadModel.Books;

namespace Lms.Imports.Tests;

/// <summary>What an import did: its numbers, and codes with how often each was told.</summary>
internal sealed record ImportReport(
    int Read, int Created, int Updated, int Unchanged, int Skipped, int Failed, string Reasons, string Warnings)
{
    /// <summary>As a row of the table in docs/import.md, without the file.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Read} | {Created} | {Updated} | {Unchanged} | {Skipped} | {Failed} | {Reasons} | {Warnings}");

    /// <summary>"code 2, other code 1", the most frequent first.</summary>
    public static string Counted(IEnumerable<string> codes) => string.Join(", ", codes
        .CountBy(code => code, StringComparer.Ordinal)
        .OrderByDescending(code => code.Value).ThenBy(code => code.Key, StringComparer.Ordinal)
        .Select(code => string.Create(CultureInfo.InvariantCulture, $"{code.Key} {code.Value}")));
}

/// <summary>Imports and exports over HTTP, as a librarian's script does.</summary>
internal static class Importing
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly string[] s_unfinished = ["queued", "running"];

    extension(TestLibrary library)
    {
        /// <summary>An empty library of one silo and one gateway.</summary>
        public static async Task<TestLibrary> EmptyAsync()
        {
            var empty = new TestLibrary(silos: 1, gateways: 1, TimeProvider.System);
            await empty.StartAsync();
            return empty;
        }

        /// <summary>Sends the file and waits until its last record is certain.</summary>
        public async Task<ImportReport> ImportAsync(byte[] file, string query = "")
        {
            var answer = Expect.Status(202, await library.SendFileAsync(file, query));
            return await library.ReportAsync(answer.Json.Text("id")!);
        }

        public Task<Answer> SendFileAsync(byte[] file, string query = "")
        {
            var content = new ByteArrayContent(file);
            content.Headers.ContentType = new("application/octet-stream");
            return library.Librarian.PostAsync($"/api/imports?{query}", content);
        }

        /// <summary>All books, as lists and exports have them, in the order of their ISBNs.</summary>
        public async Task<List<ExportRow>> BooksAsync()
        {
            await library.CatchUpAsync();
            var queries = new BookExportQueries(library.ReadModel);
            var books = new List<ExportRow>();
            while (await queries.PageAsync(books is [.., var last] ? last.Isbn : "", 1000, GatewayToken) is { Count: > 0 } page)
            {
                books.AddRange(page);
            }

            return books;
        }

        public async Task<byte[]> ExportAsync(string format)
        {
            await library.CatchUpAsync();
            return Expect.Status(200, await library.Librarian.GetAsync($"/api/exports/books?format={format}")).Body;
        }

        public async Task<ImportReport> ReportAsync(string id)
        {
            var since = TimeProvider.System.GetTimestamp();
            while (true)
            {
                var import = Expect.Status(200, await library.Librarian.GetAsync($"/api/imports/{id}")).Json;
                if (!s_unfinished.Contains(import.Text("state"), StringComparer.Ordinal))
                {
                    Assert.Equal("done", import.Text("state"));
                    var failed = await library.CodesAsync(id, "failed");
                    var skipped = await library.CodesAsync(id, "skipped");
                    Assert.Equal((import.Number("failed"), import.Number("skipped")), (failed.Count, skipped.Count));
                    return new(
                        import.Number("read"), import.Number("created"), import.Number("updated"), import.Number("unchanged"),
                        import.Number("skipped"), import.Number("failed"),
                        ImportReport.Counted(failed.Concat(skipped)),
                        ImportReport.Counted(await library.CodesAsync(id, "warnings")));
                }

                Assert.True(TimeProvider.System.GetElapsedTime(since) < s_patience, $"Still not done: {import}");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, GatewayToken);
            }
        }

        private async Task<List<string>> CodesAsync(string id, string kind)
        {
            var codes = new List<string>();
            for (var page = 1; ; page++)
            {
                var answer = Expect.Status(200, await library.Librarian.GetAsync(
                    $"/api/imports/{id}/failures?kind={kind}&limit=100&page={page}"));
                codes.AddRange(answer.Items.Select(note => note.Text("code")!));
                if (answer.Items.Count < 100)
                {
                    return codes;
                }
            }
        }
    }

    private static CancellationToken GatewayToken => TestContext.Current.CancellationToken;

    private static int Number(this JsonElement import, string name) => import.GetProperty(name).GetInt32();
}
