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
}
