using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Authors;

public sealed record AuthorRow : Projection
{
    public override string State => "author";

    public required long Number { get; init; }

    public required string Name { get; init; }

    public required string NameFolded { get; init; }

    public required string Bio { get; init; }

    /// <summary>The SHA-256 of the photo.</summary>
    public string? Photo { get; init; }

    public required int Version { get; init; }
}
