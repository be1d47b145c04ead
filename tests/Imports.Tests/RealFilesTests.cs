using System.Collections.Concurrent;
using System.Globalization;
using Lms.ApiFrontend.Tests.Library;

namespace Lms.Imports.Tests;

/// <summary>Every real file, into an empty library of its own, gives what docs/import.md says; and nothing the second time.</summary>
public sealed class RealFilesTests(ITestOutputHelper output)
{
    /// <summary>Libraries that are in memory at once.</summary>
    private const int AtOnce = 2;

    [Fact]
    public void Every_file_has_a_row_and_every_row_a_file() =>
        Assert.Equal(RealData.Catalogues, ImportRow.All().Select(row => row.File).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_row_adds_up() => Assert.All(
        ImportRow.All().Where(row => !row.IsRefused),
        row =>
        {
            var numbers = row.Numbers.Split('|').Take(6).Select(cell => int.Parse(cell, CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(numbers[0], numbers.Skip(1).Sum());
        });

    [Fact]
    public Task Marc_files_give_what_their_rows_say() => CompareAsync("marc/");

    [Fact]
    public Task Tables_give_what_their_rows_say() => CompareAsync("catalogue/");

    private async Task CompareAsync(string folder)
    {
        var files = RealData.Catalogues.Where(file => file.StartsWith(folder, StringComparison.Ordinal)).ToList();
        var rows = ImportRow.All().ToDictionary(row => row.File, StringComparer.Ordinal);
        var differences = new ConcurrentBag<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(files, options, async (file, _) =>
        {
            var row = rows.GetValueOrDefault(file) ?? new ImportRow(file, "", "");
            var (first, again) = await ImportTwiceAsync(row);
            if (first != row.Numbers)
            {
                var name = row.Query.Length > 0 ? $"{file}?{row.Query}" : file;
                differences.Add($"| {name} | {first} |");
            }

            if (again is { Created: > 0 } or { Updated: > 0 })
            {
                differences.Add($"{file}, the second time: {again}");
            }
        });
        output.WriteLine($"{files.Count} files");
        Assert.True(differences.IsEmpty, string.Join('\n', differences.Order(StringComparer.Ordinal).Prepend("Not as in docs/import.md:")));
    }

    private static async Task<(string First, ImportReport? Again)> ImportTwiceAsync(ImportRow row)
    {
        await using var library = await TestLibrary.EmptyAsync();
        var bytes = RealData.Bytes(row.File);
        var answer = await library.SendFileAsync(bytes, row.Query);
        if (answer.Status != 202)
        {
            return ($"refused: {answer.Status} {answer.Json.Text("code")}", null);
        }

        var first = await library.ReportAsync(answer.Json.Text("id")!);
        var again = await library.ImportAsync(bytes, row.Query);
        Assert.Equal((first.Read, first.Reasons), (again.Read, again.Reasons));
        return (first.ToString().Trim(' ', '|'), again);
    }
}
