namespace Lms.Grains.Abstractions.Genres;

/// <summary>A genre as the library spells it.</summary>
[GenerateSerializer, Immutable, Alias("lms.genre")]
public sealed record Genre
{
    [Id(0)] public required GenreName Name { get; init; }

    [Id(1)] public required string Spelling { get; init; }

    /// <summary>The ETag: starts at 0, moved by visible changes only.</summary>
    [Id(2)] public int Version { get; init; }
}
