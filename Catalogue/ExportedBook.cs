using Lms.Grains.Abstractions.Books;

namespace Lms.Catalogue;

/// <summary>A book as the library knows it today, for another system.</summary>
public sealed record ExportedBook
{
    public required Isbn Isbn { get; init; }

    public required string IsbnAsGiven { get; init; }

    public required string Title { get; init; }

    /// <summary>Names, in the order of the book.</summary>
    public required string[] Authors { get; init; }

    public required string Genre { get; init; }

    /// <summary>HTML.</summary>
    public string? Description { get; init; }

    public required BookDetails Details { get; init; }

    /// <summary>The record that the book was imported from; null when it was typed in.</summary>
    public SourceRecord? Source { get; init; }
}
