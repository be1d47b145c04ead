using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Genres;

namespace Lms.Grains.Abstractions.Books;

/// <summary>The bibliographic record of one edition.</summary>
[GenerateSerializer, Immutable, Alias("lms.book")]
public sealed record Book
{
    [Id(0)] public required Isbn Isbn { get; init; }

    [Id(1)] public required string Title { get; init; }

    [Id(2)] public required GenreName Genre { get; init; }

    /// <summary>In the order of the title page; never empty.</summary>
    [Id(3)] public required AuthorNumber[] Authors { get; init; }

    /// <summary>Sanitised HTML, or null.</summary>
    [Id(4)] public string? Description { get; init; }

    /// <summary>SHA-256 of the photo in hexadecimal, or null.</summary>
    [Id(5)] public string? Photo { get; init; }

    /// <summary>The contract's ETag: starts at 0, moved by visible changes only.</summary>
    [Id(6)] public int Version { get; init; }

    /// <summary>The ISBN as it was first given: ten or thirteen characters.</summary>
    [Id(7)] public required string IsbnAsGiven { get; init; }

    /// <summary>What the catalogue it was imported from knows besides; null for a book that was typed in.</summary>
    [Id(8)] public BookDetails? Details { get; init; }
}
