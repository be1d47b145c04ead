using Lms.ReadModel.Authors;
using Lms.ReadModel.Books;
using Lms.ReadModel.Genres;
using Lms.ReadModel.Imports;
using Lms.ReadModel.Lendings;
using Lms.ReadModel.Readers;
using Lms.ReadModel.Users;

namespace Lms.ReadModel.Infrastructure;

/// <summary>Every state that has a projection. A new one adds its line here.</summary>
internal static class ProjectionTables
{
    public static readonly IReadOnlyList<ProjectionTable> All =
    [
        AccountTable.Definition,
        AuthorTable.Definition,
        BookTable.Definition,
        CopyTable.Definition,
        GenreTable.Definition,
        HoldingsTable.Definition,
        ImportTable.Definition,
        LendingTable.Definition,
        LoginTable.Definition,
        ReaderTable.Definition,
        UserTable.Definition,
    ];

    private static readonly Dictionary<string, ProjectionTable> ByState =
        All.ToDictionary(table => table.State, StringComparer.Ordinal);

    public static ProjectionTable Of(string state) =>
        ByState.TryGetValue(state, out var table)
            ? table
            : throw new ArgumentException($"The state '{state}' has no projection.", nameof(state));
}
