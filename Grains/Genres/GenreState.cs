using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Genres;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Genres;

[GenerateSerializer, Alias("lms.genre-state")]
internal sealed record GenreState : State, IProjected<GenreState>
{
    public const string Name = "genre";

    [Id(0)] public Genre? Genre { get; init; }

    /// <summary>Books that have the genre keep it; no new book may have it.</summary>
    [Id(1)] public bool IsRetired { get; init; }

    static string IProjected<GenreState>.StateName => Name;

    public static Projection? Project(string key, long rowVersion, GenreState state) =>
        state.Genre is not { } genre
            ? null
            : new GenreRow
            {
                Key = key,
                RowVersion = rowVersion,
                Folded = genre.Name.Folded,
                Name = genre.Spelling,
                Retired = state.IsRetired,
                Version = genre.Version,
            };
}
