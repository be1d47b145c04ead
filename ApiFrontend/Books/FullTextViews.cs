using System.Text.Json.Serialization;
using Lms.ApiFrontend.Http;
using Lms.ReadModel.Books;
using Microsoft.AspNetCore.Mvc;

namespace Lms.ApiFrontend.Books;

/// <summary>What to search for. What is not given does not matter; without anything every book is found, by title.</summary>
/// <param name="Q">
/// At most 500 characters: words, which may stand in the title, series, names of authors, subjects, description,
/// publisher and ISBN, without regard to case and accents; "phrases in quotes"; beginnings of words, such as libr*.
/// </param>
/// <param name="Genre">The whole name of the genre, without regard to case and accents.</param>
/// <param name="Author">The number of an author, or the whole name, without regard to case and accents.</param>
/// <param name="Language">The ISO 639-2/B code, such as "por".</param>
/// <param name="YearFrom">The first year of publication.</param>
/// <param name="YearTo">The last year of publication.</param>
/// <param name="Page">From 1, which is the default.</param>
/// <param name="Limit">1 to 100; 20 unless given.</param>
internal sealed record FullTextRequest(
    [property: FromQuery(Name = "q")] string? Q,
    [property: FromQuery(Name = "genre")] string? Genre,
    [property: FromQuery(Name = "author")] string? Author,
    [property: FromQuery(Name = "language")] string? Language,
    [property: FromQuery(Name = "yearFrom")] int? YearFrom,
    [property: FromQuery(Name = "yearTo")] int? YearTo,
    [property: FromQuery(Name = "page")] int? Page,
    [property: FromQuery(Name = "limit")] int? Limit);

/// <summary>One page of the books found.</summary>
/// <param name="Items">Best first, equals by title; at most <paramref name="Limit"/>.</param>
/// <param name="Page">From 1.</param>
/// <param name="Limit">1 to 100.</param>
/// <param name="Total">On all pages.</param>
/// <param name="Facets">What the books on all pages are.</param>
internal sealed record FullTextView(
    IReadOnlyList<FoundBookView> Items, int Page, int Limit, long Total, FacetsView Facets)
{
    public static FullTextView From(FoundBooks found, int page, int limit, Links links) => new(
        [.. found.Items.Select(item => FoundBookView.From(BookView.From(item.Book, links), item.Score))],
        page,
        limit,
        found.Total,
        FacetsView.From(found.Facets));
}

/// <summary>A book, and how well it meets the query.</summary>
/// <param name="Title">The title.</param>
/// <param name="Authors">Their names, in the order of the book.</param>
/// <param name="Genre">As the library spells it.</param>
/// <param name="Description">HTML, or null.</param>
/// <param name="Isbn">As it was first given.</param>
/// <param name="Links">The book, its authors and its photo.</param>
/// <param name="Score">To be compared within one answer: more is better, and 0 when there were no words.</param>
internal sealed record FoundBookView(
    string Title,
    IReadOnlyList<string> Authors,
    string Genre,
    string? Description,
    string Isbn,
    [property: JsonPropertyName("_links")] BookLinks Links,
    double Score)
{
    public static FoundBookView From(BookView book, double score) =>
        new(book.Title, book.Authors, book.Genre, book.Description, book.Isbn, book.Links, score);
}

/// <summary>The twenty most frequent values of each kind, most frequent first.</summary>
internal sealed record FacetsView(
    IReadOnlyList<FacetView> Genres,
    IReadOnlyList<AuthorFacetView> Authors,
    IReadOnlyList<FacetView> Languages,
    IReadOnlyList<YearFacetView> Years)
{
    public static FacetsView From(BookFacets facets) => new(
        [.. facets.Genres.Select(genre => new FacetView(genre.Value, genre.Count))],
        [.. facets.Authors.Select(author => new AuthorFacetView(author.Value.Name, author.Value.Number, author.Count))],
        [.. facets.Languages.Select(language => new FacetView(language.Value, language.Count))],
        [.. facets.Years.Select(year => new YearFacetView(year.Value, year.Count))]);
}

internal sealed record FacetView(string Value, long Count);

internal sealed record AuthorFacetView(string Value, long Number, long Count);

internal sealed record YearFacetView(int Value, long Count);
