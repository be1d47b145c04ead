using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Photos;
using Lms.ApiFrontend.Readers;
using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Users;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Books;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Books;

internal static class BookEndpoints
{
    public static void MapBooks(this IEndpointRouteBuilder api)
    {
        var books = api.MapGroup("/books").WithTags("Books").OfContract();

        books.MapPut("/{isbn}", CreateAsync).WithName("CreateBook").For(Roles.Librarian)
            .WithSummary("Adds a book. Its genre must exist; authors who do not are left out.")
            .TakesForm<BookForm>().Answers<BookView>(201).Refuses(400).RefusesWithProblem(422);
        books.MapPatch("/{isbn}", ChangeAsync).WithName("ChangeBook").For(Roles.Librarian)
            .WithSummary("Changes what is given of a book.")
            .TakesForm<BookForm>().Answers<BookView>().Refuses(400, 409).RefusesWithProblem(422);
        books.MapGet("/{isbn}", GetAsync).WithName("GetBook").For(Roles.Reader, Roles.Librarian)
            .WithSummary("One book.")
            .Answers<BookView>().Produces(304).Refuses(404);
        books.MapGet("", FindAsync).WithName("FindBooks").For(Roles.Reader, Roles.Librarian)
            .WithSummary("Books that meet any of the conditions, by title.")
            .Answers<Wrapped<BookView>>().Refuses(404);
        books.MapPost("/search", SearchAsync).WithName("SearchBooks").For(Roles.Reader, Roles.Librarian)
            .WithSummary("Books that meet every condition, by title.").OnlyReads()
            .Answers<Wrapped<BookView>>().Refuses(400);
        books.MapGet("/top5", GetTop5Async).WithName("GetTop5Books").For(Roles.Librarian, Roles.Reader)
            .WithSummary("The five books lent most often in the last twelve months.")
            .Answers<Wrapped<BookCountView>>();
        books.MapGet("/suggestions", GetSuggestionsAsync).WithName("GetSuggestions").For(Roles.Reader)
            .WithSummary("Books of the genres that the reader who calls is interested in.").WithMetadata(new ForCaller())
            .Answers<Wrapped<BookView>>().Refuses(404);
        books.MapGet("/{isbn}/avgDuration", GetAverageAsync).WithName("GetAverageLendingDurationOfBook").For(Roles.Librarian)
            .WithSummary("Average days of the returned lendings of a book.")
            .Answers<BookAverageLendingDurationView>().Refuses(400, 404);
        books.MapGet("/{isbn}/photo", GetPhotoAsync).WithName("GetPhotoOfBook").For(Roles.Reader, Roles.Librarian)
            .WithSummary("The book's photo; nothing when there is none.")
            .AnswersPhoto().Refuses(404);
        books.MapDelete("/{isbn}/photo", RemovePhotoAsync).WithName("RemovePhotoOfBook").For(Roles.Librarian)
            .WithSummary("Removes the book's photo.")
            .AnswersEmpty().Refuses(404).RefusesWithProblem(422);

        api.MapGroup("/books").WithTags("Books")
            .MapPost("/complete", CompleteAsync).WithName("CompleteBook").For(Roles.Librarian)
            .WithSummary("Adds a book together with a genre and authors that do not exist yet: all or nothing.")
            .Answers<BookView>(201).RefusesWithProblem(400, 404, 409, 422);
    }

    private static async Task<IResult> CreateAsync(
        string isbn,
        Fields fields,
        HttpContext http,
        Commands commands,
        BookReads books,
        PhotoStore photos,
        CancellationToken cancellationToken)
    {
        var (isGood, photo) = await UploadedPhoto.ReadAsync(fields, cancellationToken);
        if (!isGood)
        {
            return ContractErrors.BadRequest(UploadedPhoto.NotAPhoto);
        }

        if (!Isbn.TryParse(isbn, out var key))
        {
            return TypedResults.StatusCode(StatusCodes.Status400BadRequest).WithCode("isbn-invalid");
        }

        return await commands.RunAsync(
            http,
            async context =>
            {
                var command = new CreateBook(
                    context.Operation,
                    isbn,
                    fields.Text("title"),
                    fields.Text("genre"),
                    AuthorsOf(fields) ?? [],
                    fields.Text("description"),
                    await photos.StoreAsync(photo, cancellationToken));
                return await books.WriteAsync(
                    key, (grain, token) => grain.CreateAsync(command, token), cancellationToken);
            },
            book => book.Isbn.ToString(),
            _ => books.ReloadAsync(key, cancellationToken),
            async book => book.IsAccepted
                ? await CreatedAsync(http, book.Value, books, cancellationToken)
                : TypedResults.StatusCode(StatusCodes.Status400BadRequest).WithCode(book.Rejection.Code)); // kept: no body
    }

    private static async Task<IResult> ChangeAsync(
        string isbn,
        Fields fields,
        HttpContext http,
        Commands commands,
        BookReads books,
        PhotoStore photos,
        CancellationToken cancellationToken)
    {
        if (!Preconditions.TryReadVersion(http, out var version, out var refusal))
        {
            return refusal;
        }

        var (isGood, photo) = await UploadedPhoto.ReadAsync(fields, cancellationToken);
        if (!isGood)
        {
            return ContractErrors.BadRequest(UploadedPhoto.NotAPhoto);
        }

        if (!Isbn.TryParse(isbn, out var key))
        {
            return NotUpdated(BookRejections.Unknown(default) with { Detail = "The ISBN is not valid." });
        }

        return await commands.RunAsync(
            http,
            async context =>
            {
                var command = new ChangeBook(
                    context.Operation,
                    version,
                    fields.Text("title"),
                    fields.Text("genre"),
                    AuthorsOf(fields),
                    fields.Text("description"),
                    await photos.StoreAsync(photo, cancellationToken));
                return await books.WriteAsync(
                    key, (grain, token) => grain.ChangeAsync(command, token), cancellationToken);
            },
            book => book.Isbn.ToString(),
            _ => books.ReloadAsync(key, cancellationToken),
            async book => book.IsAccepted
                ? await VersionedAsync(http, book.Value, books, cancellationToken)
                : NotUpdated(book.Rejection));
    }

    private static async Task<IResult> GetAsync(
        string isbn, HttpContext http, BookReads books, CancellationToken cancellationToken)
    {
        var book = await books.GetAsync(isbn, cancellationToken);
        return book.IsAccepted
            ? await VersionedAsync(http, book.Value, books, cancellationToken)
            : ContractErrors.Of(book.Rejection);
    }

    private static async Task<IResult> FindAsync(
        string? title,
        string? genre,
        string? authorName,
        HttpContext http,
        BookQueries books,
        CancellationToken cancellationToken)
    {
        var found = await books.FindAsync(
            SearchText.FoldedOrNull(title), SearchText.FoldedOrNull(genre), SearchText.FoldedOrNull(authorName), cancellationToken);
        return found.Count == 0
            ? ContractErrors.NotFound("No books found with the provided criteria")
            : TypedResults.Json(BookView.From(found, Links.Of(http)));
    }

    private static async Task<IResult> SearchAsync(
        SearchRequest<BookQuery>? body, HttpContext http, BookQueries books, CancellationToken cancellationToken)
    {
        var page = body?.Page ?? PageRequest.First;
        if (!page.IsValid)
        {
            return ContractErrors.BadRequest("The page is out of range.");
        }

        var query = body?.Query;
        var found = await books.SearchAsync(
            SearchText.FoldedOrNull(query?.Title),
            SearchText.FoldedOrNull(query?.Genre),
            SearchText.FoldedOrNull(query?.AuthorName),
            page.Offset,
            page.Size,
            cancellationToken);
        return TypedResults.Json(BookView.From(found, Links.Of(http)));
    }

    private static async Task<IResult> GetTop5Async(
        HttpContext http, BookQueries books, LibraryCalendar calendar, CancellationToken cancellationToken)
    {
        var found = await books.Top5Async(calendar.Today.AddMonths(-12), cancellationToken);
        var links = Links.Of(http);
        return TypedResults.Json(new Wrapped<BookCountView>(
            [.. found.Select(book => new BookCountView(BookView.From(book.Book, links), book.Lendings))]));
    }

    private static async Task<IResult> GetSuggestionsAsync(
        HttpContext http,
        ReaderReads readers,
        BookQueries books,
        IOptions<SuggestionOptions> options,
        CancellationToken cancellationToken)
    {
        if (Principal.ReaderOf(http.User) is not { } number)
        {
            return ContractErrors.Of(ReaderRejections.NoProfile);
        }

        var interests = await readers.InterestsAsync(number, cancellationToken);
        if (!interests.IsAccepted)
        {
            return ContractErrors.Of(interests.Rejection);
        }

        if (interests.Value.Length == 0)
        {
            return ContractErrors.NotFound("The reader has no interests");
        }

        var found = await books.SuggestionsAsync(interests.Value, options.Value.LimitPerGenre, cancellationToken);
        return TypedResults.Json(BookView.From(found, Links.Of(http)));
    }

    private static async Task<IResult> GetAverageAsync(
        string isbn, HttpContext http, BookReads books, BookQueries queries, CancellationToken cancellationToken)
    {
        var book = await books.GetAsync(isbn, cancellationToken);
        if (!book.IsAccepted)
        {
            return ContractErrors.Of(book.Rejection);
        }

        return await queries.AverageLendingDaysAsync(book.Value.Isbn.ToString(), cancellationToken) is { } average
            ? TypedResults.Json(new BookAverageLendingDurationView(
                await books.ViewAsync(book.Value, Links.Of(http), cancellationToken), average))
            : ContractErrors.BadRequest("The book has no returned lendings");
    }

    private static async Task<IResult> GetPhotoAsync(
        string isbn, BookReads books, PhotoStore photos, CancellationToken cancellationToken)
    {
        var book = await books.GetAsync(isbn, cancellationToken);
        return book.IsAccepted
            ? await photos.AnswerOfCatalogueAsync(book.Value.Photo, cancellationToken) ?? TypedResults.Ok()
            : ContractErrors.Of(book.Rejection);
    }

    private static async Task<IResult> RemovePhotoAsync(
        string isbn,
        HttpContext http,
        Commands commands,
        BookReads books,
        CancellationToken cancellationToken)
    {
        if (!Isbn.TryParse(isbn, out var key))
        {
            return ContractErrors.NotFound("Book not found");
        }

        return await commands.RunAsync(
            http,
            context => books.WriteAsync(
                    key, (grain, token) => grain.RemovePhotoAsync(context.Operation, token), cancellationToken),
            book => book.Isbn.ToString(),
            _ => books.ReloadAsync(key, cancellationToken),
            book => Task.FromResult<IResult>(book.IsAccepted ? TypedResults.Ok() : ContractErrors.Of(book.Rejection)));
    }

    private static async Task<IResult> CompleteAsync(
        CompleteBookRequest body,
        HttpContext http,
        Commands commands,
        BookReads books,
        CancellationToken cancellationToken)
    {
        if (!Isbn.TryParse(body.Isbn, out var key))
        {
            return Problems.Invalid("isbn-invalid", "An ISBN has 10 or 13 characters and a valid check digit.", "isbn");
        }

        if (body.Authors?.Any(author => author is null or { AuthorNumber: < 1 } || author.AuthorNumber is not null == author.Name is not null) == true)
        {
            return Problems.Invalid("author-invalid", "Give each author's authorNumber, or else name and bio.", "authors");
        }

        NamedAuthor[] authors =
        [
            .. (body.Authors ?? []).Select(author => new NamedAuthor(
                author.AuthorNumber is { } number ? new AuthorNumber(number) : null, author.Name, author.Bio)),
        ];
        return await commands.RunAsync(
            http,
            context => books.WriteAsync(
                key,
                (grain, token) => grain.CompleteAsync(
                    new(context.Operation, body.Isbn, body.Title, body.Genre, authors, body.Description), token),
                cancellationToken),
            book => book.Isbn.ToString(),
            _ => books.ReloadAsync(key, cancellationToken),
            async book => book.IsAccepted
                ? await CreatedAsync(http, book.Value, books, cancellationToken)
                : Problems.Of(book.Rejection));
    }

    private static async Task<IResult> CreatedAsync(
        HttpContext http, Book book, BookReads books, CancellationToken cancellationToken)
    {
        var links = Links.Of(http);
        var view = await books.ViewAsync(book, links, cancellationToken);
        return Preconditions.Created(http, view, book.Version, links.Book(book.IsbnAsGiven));
    }

    private static async Task<IResult> VersionedAsync(
        HttpContext http, Book book, BookReads books, CancellationToken cancellationToken) =>
        Preconditions.Versioned(http, await books.ViewAsync(book, Links.Of(http), cancellationToken), book.Version);

    // Kept: whatever goes wrong is a conflict, even a book that does not exist.
    private static IResult NotUpdated(Rejection rejection) =>
        ContractErrors.Conflict($"Could not update book: {rejection.Detail}").WithCode(rejection.Code);

    // Numbers that are no author numbers are dropped, like those of unknown authors.
    private static AuthorNumber[]? AuthorsOf(Fields fields) => fields.List("authors") is { } texts
        ? [.. texts.Where(text => AuthorNumber.TryParse(text, out _)).Select(AuthorNumber.Of)]
        : null;
}
