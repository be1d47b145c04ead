namespace Lms.Grains.Abstractions.Authors;

/// <summary>Who wrote a book.</summary>
[GenerateSerializer, Immutable, Alias("lms.author")]
public sealed record Author
{
    [Id(0)] public required AuthorNumber Number { get; init; }

    [Id(1)] public required string Name { get; init; }

    /// <summary>Sanitised HTML.</summary>
    [Id(2)] public required string Bio { get; init; }

    /// <summary>SHA-256 of the photo in hexadecimal, or null.</summary>
    [Id(3)] public string? Photo { get; init; }

    /// <summary>The contract's ETag: starts at 0, moved by visible changes only.</summary>
    [Id(4)] public int Version { get; init; }
}
