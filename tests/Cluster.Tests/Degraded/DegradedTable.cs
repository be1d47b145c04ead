using Lms.Tests.Shared;

namespace Lms.Cluster.Tests.Degraded;

/// <summary>The table of docs/degraded-mode.md: what each operation answers while something is missing.</summary>
internal static class DegradedTable
{
    public static readonly string[] Columns =
    [
        "one silo down", "its pool down", "Users' pool down", "all silos down", "PostgreSQL down", "cache Redis down",
        "both Redis down", "overload",
    ];

    private static readonly string s_file = Path.Combine(Repository.Root, "docs", "degraded-mode.md");

    private static string Heading => $"| operation | {string.Join(" | ", Columns)} |";

    /// <summary>Cells by operation and column.</summary>
    public static IReadOnlyDictionary<(string Operation, string Column), string> Read()
    {
        var cells = new Dictionary<(string, string), string>();
        foreach (var row in Rows(File.ReadAllLines(s_file)))
        {
            var texts = row.Split('|', StringSplitOptions.TrimEntries)[1..^1];
            Assert.Equal(Columns.Length + 1, texts.Length);
            for (var column = 0; column < Columns.Length; column++)
            {
                cells.Add((texts[0], Columns[column]), texts[column + 1]);
            }
        }

        return cells;
    }

    /// <summary>Puts cells in the place of those that the document has.</summary>
    public static void Write(IReadOnlyDictionary<(string Operation, string Column), string> cells)
    {
        var lines = File.ReadAllLines(s_file);
        var start = Array.IndexOf(lines, Heading) + 2;
        var old = Read();
        string[] rows = [.. Operations.All.Keys.Select(operation =>
            $"| {operation} | {string.Join(" | ", Columns.Select(column => cells.GetValueOrDefault((operation, column)) ?? old.GetValueOrDefault((operation, column)) ?? "?"))} |")];
        File.WriteAllLines(s_file, [.. lines[..start], .. rows, .. lines[(start + Rows(lines).Count())..]]);
    }

    private static IEnumerable<string> Rows(string[] lines)
    {
        var heading = Array.IndexOf(lines, Heading);
        Assert.True(heading >= 0, $"docs/degraded-mode.md has no line {Heading}");
        return lines.Skip(heading + 2).TakeWhile(line => line.StartsWith('|'));
    }
}
