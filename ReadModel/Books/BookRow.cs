using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Books;

public sealed record BookRow : Projection
{
    public override string State => "book";

    /// <summary>The 13 digits that identify the book, spelled as in lendings and copies.</summary>
    public required string Isbn { get; init; }

    /// <summary>The ISBN as the book was given it, when that is not the 13 digits.</summary>
    public string? IsbnAsGiven { get; init; }

    public required string Title { get; init; }

    public required string TitleFolded { get; init; }

    public required string GenreFolded { get; init; }

    public string? Description { get; init; }

    /// <summary>The SHA-256 of the photo.</summary>
    public string? Photo { get; init; }

    public required int Version { get; init; }

    /// <summary>The numbers of the authors, in the order of the book.</summary>
    public required IReadOnlyList<long> Authors { get; init; }

    /// <summary>The book is still being created by an unfinished process: no list or report shows it.</summary>
    public required bool IsHidden { get; init; }

    public string? FullTitle { get; init; }

    public string? Publisher { get; init; }

    public int? Year { get; init; }

    /// <summary>The ISO 639-2/B code in lower case.</summary>
    public string? Language { get; init; }

    public string? Edition { get; init; }

    public int? Pages { get; init; }

    public required BookText Text { get; init; }

    /// <summary>What an export needs besides: opaque here, null when there is nothing.</summary>
    public string? Record { get; init; }
}

/// <summary>What the book is found by: folded, without markup, and empty where there is nothing.</summary>
public sealed record BookText
{
    public static readonly BookText Empty = new()
    {
        Titles = "",
        Subjects = "",
        Description = "",
        Publisher = "",
        Isbns = "",
    };

    /// <summary>The title, the full title and the series.</summary>
    public required string Titles { get; init; }

    public required string Subjects { get; init; }

    public required string Description { get; init; }

    public required string Publisher { get; init; }

    /// <summary>The 13 digits of every ISBN that finds the book.</summary>
    public required string Isbns { get; init; }
}
