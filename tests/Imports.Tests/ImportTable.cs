using Lms.ApiFrontend.Tests.Library;

namespace Lms.Imports.Tests;

/// <summary>The table of real files in docs/import.md.</summary>
/// <param name="File">Of the data, by its path.</param>
/// <param name="Query">Parameters of the import, as the row gives them behind the file.</param>
/// <param name="Numbers">As <see cref="ImportReport"/> writes itself; or "refused" and the code, for what is no catalogue.</param>
internal sealed record ImportRow(string File, string Query, string Numbers)
{
    private const string Begin = "<!-- files -->";
    private const string End = "<!-- /files -->";

    public bool IsRefused => Numbers.StartsWith("refused", StringComparison.Ordinal);

    public static IReadOnlyList<ImportRow> All()
    {
        var text = System.IO.File.ReadAllText(Repository.Path("docs", "import.md"));
        var table = text[(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..text.IndexOf(End, StringComparison.Ordinal)];
        return
        [
            .. table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Skip(2)
                .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
                .Select(cells =>
                {
                    var name = cells[0].Trim('`').Split('?', 2);
                    return new ImportRow(name[0], name.ElementAtOrDefault(1) ?? "", string.Join(" | ", cells.Skip(1)).Trim(' ', '|'));
                }),
        ];
    }
}
