using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;

namespace Lms.ApiFrontend.Books;

/// <summary>Books by ISBN, from the grains that own what a view of a book shows.</summary>
internal sealed class BookReads(IGrainFactory grains, GrainCalls calls)
{
    /// <summary>The book of an address; text that is no ISBN is a book that does not exist.</summary>
    public async Task<Result<Book>> GetAsync(string isbn, CancellationToken cancellationToken) =>
        Isbn.TryParse(isbn, out var key)
            ? await GetAsync(key, cancellationToken)
            : BookRejections.Unknown(default) with { Detail = $"Entity Book with id {(isbn.Length > 50 ? isbn[..50] : isbn)} not found" };

    public Task<Result<Book>> GetAsync(Isbn isbn, CancellationToken cancellationToken) =>
        calls.ReadAsync(grains.Book(isbn), (grain, token) => grain.GetAsync(token), cancellationToken);

    public async Task<BookView> ViewAsync(Book book, Links links, CancellationToken cancellationToken)
    {
        var genre = calls.ReadAsync(grains.Genre(book.Genre), (grain, token) => grain.GetAsync(token), cancellationToken);
        var authors = await Task.WhenAll(book.Authors.Select(number =>
            calls.ReadAsync(grains.Author(number), (grain, token) => grain.GetAsync(token), cancellationToken)));
        return BookView.From(
            book,
            [.. authors.Where(author => author.IsAccepted).Select(author => author.Value!)],
            (await genre).Value?.Spelling ?? book.Genre.Folded,
            links);
    }
}
