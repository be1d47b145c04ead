namespace Lms.ReadModel.Books;

/// <summary>What books have to be besides being found; null where it does not matter.</summary>
public sealed record BookFilter
{
    public string? GenreFolded { get; init; }

    public long? Author { get; init; }

    /// <summary>The whole name.</summary>
    public string? AuthorNameFolded { get; init; }

    public string? Language { get; init; }

    public int? YearFrom { get; init; }

    public int? YearTo { get; init; }
}

/// <summary>Some of the books, how many there are, and what they are.</summary>
public sealed record FoundBooks(IReadOnlyList<FoundBook> Items, long Total, BookFacets Facets);

/// <param name="Book">The book.</param>
/// <param name="Score">How well it meets the query: comparable within one answer; 0 when nothing was searched for.</param>
public sealed record FoundBook(BookSummary Book, double Score);

/// <summary>The twenty most frequent values of each kind among all that was found, most frequent first.</summary>
public sealed record BookFacets(
    IReadOnlyList<FacetCount<string>> Genres,
    IReadOnlyList<FacetCount<BookAuthor>> Authors,
    IReadOnlyList<FacetCount<string>> Languages,
    IReadOnlyList<FacetCount<int>> Years);

public sealed record FacetCount<T>(T Value, long Count);
