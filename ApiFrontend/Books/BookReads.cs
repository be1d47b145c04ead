using Lms.ApiFrontend.Authors;
using Lms.ApiFrontend.Cache;
using Lms.ApiFrontend.Genres;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.ReadModel.Books;

namespace Lms.ApiFrontend.Books;

/// <summary>Books by ISBN, from the grains that own what a view of a book shows, or from who knew it last.</summary>
internal sealed class BookReads(
    IGrainFactory grains, GrainCalls calls, CatalogueCache cache, BookQueries queries, AuthorReads authors, GenreReads genres)
{
    /// <summary>The book of an address; text that is no ISBN is a book that does not exist.</summary>
    public async Task<Result<Book>> GetAsync(string isbn, CancellationToken cancellationToken) =>
        Isbn.TryParse(isbn, out var key)
            ? await GetAsync(key, cancellationToken)
            : BookRejections.Unknown(default) with { Detail = $"Entity Book with id {(isbn.Length > 50 ? isbn[..50] : isbn)} not found" };

    public Task<Result<Book>> GetAsync(Isbn isbn, CancellationToken cancellationToken) =>
        cache.GetAsync(SourceOf(isbn), cancellationToken);

    /// <summary>As its grain has it at this moment: for the answer to a write that was made before, perhaps at another gateway.</summary>
    public Task<Result<Book>> ReloadAsync(Isbn isbn, CancellationToken cancellationToken) =>
        cache.ReloadAsync(SourceOf(isbn), cancellationToken);

    /// <summary>Changes a book; whoever reads it here afterwards sees that.</summary>
    public async Task<Result<Book>> WriteAsync(
        Isbn isbn, Func<IBookGrain, CancellationToken, Task<Result<Book>>> change, CancellationToken cancellationToken)
    {
        var book = await calls.WriteAsync(grains.Book(isbn), change, cancellationToken);
        if (book.IsAccepted)
        {
            await cache.KeepAsync(SourceOf(isbn), book.Value);
        }

        return book;
    }

    public async Task<BookView> ViewAsync(Book book, Links links, CancellationToken cancellationToken)
    {
        var genre = genres.SpellingAsync(book.Genre, cancellationToken);
        var written = await Task.WhenAll(book.Authors.Select(number => authors.GetAsync(number, cancellationToken)));
        return BookView.From(
            book, [.. written.Where(author => author.IsAccepted).Select(author => author.Value!)], await genre, links);
    }

    private Source<Book> SourceOf(Isbn isbn) => new(
        "books",
        $"book:{isbn}",
        token => calls.ReadAsync(grains.Book(isbn), (grain, attempt) => grain.GetAsync(attempt), token),
        async token => await queries.ByIsbnsAsync([isbn.ToString()], token) is [var row] ? From(row) : null,
        book => book.Version);

    private static Book From(BookSummary row) => new()
    {
        Isbn = Isbn.Of(row.Isbn),
        IsbnAsGiven = row.IsbnAsGiven,
        Title = row.Title,
        Genre = GenreName.Of(row.Genre),
        Authors = [.. row.Authors.Select(author => new AuthorNumber(author.Number))],
        Description = row.Description,
        Photo = row.Photo,
        Version = row.Version,
    };
}
