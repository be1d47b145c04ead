namespace Lms.Grains.Abstractions.Books;

/// <summary>What a catalogue knows of an edition beyond what every book has. Lists are in the order of the record.</summary>
[GenerateSerializer, Immutable, Alias("lms.book-details")]
public sealed record BookDetails
{
    /// <summary>The whole title with its subtitle and parts, when that is not <see cref="Book.Title"/>; else null.</summary>
    [Id(0)] public string? FullTitle { get; init; }

    [Id(1)] public string? Publisher { get; init; }

    /// <summary>The year of publication.</summary>
    [Id(2)] public int? Year { get; init; }

    /// <summary>The ISO 639-2/B code in lower case, such as "eng" or "por".</summary>
    [Id(3)] public string? Language { get; init; }

    [Id(4)] public string? Edition { get; init; }

    [Id(5)] public string[] Series { get; init; } = [];

    [Id(6)] public string[] Subjects { get; init; } = [];

    [Id(7)] public int? Pages { get; init; }

    /// <summary>Further ISBNs that find the book.</summary>
    [Id(8)] public Isbn[] Aliases { get; init; } = [];
}
