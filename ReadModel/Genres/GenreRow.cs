using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Genres;

public sealed record GenreRow : Projection
{
    public override string State => "genre";

    /// <summary>The folded name, which identifies the genre in books and interests.</summary>
    public required string Folded { get; init; }

    public required string Name { get; init; }

    public required bool Retired { get; init; }

    public required int Version { get; init; }
}
