using System.Globalization;
using Lms.ApiFrontend.Books;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Photos;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Authors;
using Lms.ReadModel.Books;

namespace Lms.ApiFrontend.Authors;

internal static class AuthorEndpoints
{
    public static void MapAuthors(this IEndpointRouteBuilder api)
    {
        var authors = api.MapGroup("/authors").WithTags("Authors").OfContract();

        authors.MapPost("", CreateAsync).WithName("CreateAuthor").For(Roles.Librarian)
            .WithSummary("Adds an author.")
            .TakesForm<AuthorForm>().Answers<AuthorView>(201).Refuses(400).RefusesWithProblem(422);
        authors.MapPatch("/{number}", ChangeAsync).WithName("ChangeAuthor").For(Roles.Librarian)
            .WithSummary("Changes what is given of an author.")
            .TakesForm<AuthorForm>().Answers<AuthorView>().Refuses(400, 404, 409).RefusesWithProblem(422);
        authors.MapGet("/{number}", GetAsync).WithName("GetAuthor").For(Roles.Reader, Roles.Librarian)
            .WithSummary("One author.")
            .Answers<AuthorView>().Produces(304).Refuses(404);
        authors.MapGet("", FindAsync).WithName("FindAuthors").For(Roles.Reader, Roles.Librarian)
            .WithSummary("Authors whose name starts with a text.")
            .Answers<Wrapped<AuthorView>>().Refuses(400);
        authors.MapGet("/{number}/books", GetBooksAsync).WithName("GetBooksOfAuthor").For(Roles.Reader)
            .WithSummary("The books of an author.")
            .Answers<Wrapped<BookView>>().Refuses(404);
        authors.MapGet("/{number}/coauthors", GetCoAuthorsAsync).WithName("GetCoAuthors").For(Roles.Reader)
            .WithSummary("Who wrote books together with an author, and which.")
            .Answers<CoAuthorsView>().Refuses(404);
        authors.MapGet("/top5", GetTop5Async).WithName("GetTop5Authors").For(Roles.Reader, Roles.Librarian)
            .WithSummary("The five authors whose books were lent most often.")
            .Answers<Wrapped<AuthorLendingView>>().Refuses(404);
        authors.MapGet("/{number}/photo", GetPhotoAsync).WithName("GetPhotoOfAuthor").For(Roles.Reader, Roles.Librarian)
            .WithSummary("The author's photo; nothing when there is none.")
            .AnswersPhoto().Refuses(404);
        authors.MapDelete("/{number}/photo", RemovePhotoAsync).WithName("RemovePhotoOfAuthor").For(Roles.Librarian)
            .WithSummary("Removes the author's photo.")
            .AnswersEmpty().Refuses(403, 404).RefusesWithProblem(422);
    }

    private static async Task<IResult> CreateAsync(
        Fields fields,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        AuthorReads authors,
        Commands commands,
        PhotoStore photos,
        CancellationToken cancellationToken)
    {
        var (isGood, photo) = await UploadedPhoto.ReadAsync(fields, cancellationToken);
        if (!isGood)
        {
            return ContractErrors.BadRequest(UploadedPhoto.NotAPhoto);
        }

        // Asked before a number is spent.
        var (name, bio) = (fields.Text("name"), fields.Text("bio"));
        var refusal = await calls.ReadAsync(
            grains.AuthorChecks(), (grain, token) => grain.CheckAsync(name, bio, token), cancellationToken);
        if (refusal is not null)
        {
            return ContractErrors.Of(refusal);
        }

        return await commands.RunAsync(
            http,
            async context =>
            {
                var next = await calls.WriteAsync(
                    grains.AuthorNumbers(), (grain, token) => grain.NextAsync(token), cancellationToken);
                var number = AuthorNumber.Of(await context.ReserveAsync(next.ToString(CultureInfo.InvariantCulture)));
                var command = new CreateAuthor(
                    context.Operation, name, bio, await photos.StoreAsync(photo, cancellationToken));
                return await authors.WriteAsync(
                    number, (grain, token) => grain.CreateAsync(command, token), cancellationToken);
            },
            author => author.Number.ToString(),
            number => authors.ReloadAsync(AuthorNumber.Of(number), cancellationToken),
            author => Task.FromResult(author.IsAccepted
                ? Preconditions.Created(
                    http,
                    AuthorView.From(author.Value, Links.Of(http)),
                    author.Value.Version,
                    Links.Of(http).Author(author.Value.Number))
                : ContractErrors.Of(author.Rejection)));
    }

    private static async Task<IResult> ChangeAsync(
        string number,
        Fields fields,
        HttpContext http,
        AuthorReads authors,
        Commands commands,
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

        if (!AuthorNumber.TryParse(number, out var author))
        {
            return NotANumber(number);
        }

        return await commands.RunAsync(
            http,
            async context =>
            {
                var command = new ChangeAuthor(
                    context.Operation,
                    version,
                    fields.Text("name"),
                    fields.Text("bio"),
                    await photos.StoreAsync(photo, cancellationToken));
                return await authors.WriteAsync(
                    author, (grain, token) => grain.ChangeAsync(command, token), cancellationToken);
            },
            changed => changed.Number.ToString(),
            _ => authors.ReloadAsync(author, cancellationToken),
            changed => Task.FromResult(Answer(http, changed)));
    }

    private static async Task<IResult> GetAsync(
        string number, HttpContext http, AuthorReads authors, CancellationToken cancellationToken) =>
        AuthorNumber.TryParse(number, out var author)
            ? Answer(http, await authors.GetAsync(author, cancellationToken))
            : NotANumber(number);

    private static async Task<IResult> FindAsync(
        string? name, HttpContext http, AuthorQueries authors, CancellationToken cancellationToken)
    {
        if (name is null)
        {
            return Problems.Invalid("name-missing", "Required parameter 'name' is not present.", "name");
        }

        var found = await authors.StartingWithAsync(SearchText.Folded(name), cancellationToken);
        var links = Links.Of(http);
        return TypedResults.Json(new Wrapped<AuthorView>([.. found.Select(author => AuthorView.From(author, links))]));
    }

    private static async Task<IResult> GetBooksAsync(
        string number,
        HttpContext http,
        AuthorReads authors,
        BookQueries books,
        CancellationToken cancellationToken)
    {
        if (!AuthorNumber.TryParse(number, out var author))
        {
            return NotANumber(number);
        }

        var known = await authors.GetAsync(author, cancellationToken);
        if (!known.IsAccepted)
        {
            return ContractErrors.Of(known.Rejection);
        }

        var found = await books.OfAuthorAsync(author.Value, cancellationToken);
        return TypedResults.Json(BookView.From(found, Links.Of(http)));
    }

    private static async Task<IResult> GetCoAuthorsAsync(
        string number,
        HttpContext http,
        AuthorReads authors,
        AuthorQueries queries,
        CancellationToken cancellationToken)
    {
        if (!AuthorNumber.TryParse(number, out var author))
        {
            return NotANumber(number);
        }

        var known = await authors.GetAsync(author, cancellationToken);
        if (!known.IsAccepted)
        {
            return ContractErrors.Of(known.Rejection);
        }

        var links = Links.Of(http);
        var found = await queries.CoAuthorsOfAsync(author.Value, cancellationToken);
        return TypedResults.Json(new CoAuthorsView(
            AuthorView.From(known.Value, links), [.. found.Select(other => CoAuthorView.From(other, links))]));
    }

    private static async Task<IResult> GetTop5Async(AuthorQueries authors, CancellationToken cancellationToken)
    {
        var found = await authors.Top5Async(cancellationToken);
        return found.Count == 0
            ? ContractErrors.NotFound("No authors to show")
            : TypedResults.Json(new Wrapped<AuthorLendingView>(
                [.. found.Select(author => new AuthorLendingView(author.Name, author.Lendings))]));
    }

    private static async Task<IResult> GetPhotoAsync(
        string number,
        AuthorReads authors,
        PhotoStore photos,
        CancellationToken cancellationToken)
    {
        if (!AuthorNumber.TryParse(number, out var author))
        {
            return NotANumber(number);
        }

        var known = await authors.GetAsync(author, cancellationToken);
        return known.IsAccepted
            ? await photos.AnswerOfCatalogueAsync(known.Value.Photo, cancellationToken) ?? TypedResults.Ok()
            : ContractErrors.Of(known.Rejection);
    }

    private static async Task<IResult> RemovePhotoAsync(
        string number,
        HttpContext http,
        AuthorReads authors,
        Commands commands,
        CancellationToken cancellationToken)
    {
        if (!AuthorNumber.TryParse(number, out var author))
        {
            return NotANumber(number);
        }

        return await commands.RunAsync(
            http,
            context => authors.WriteAsync(
                    author, (grain, token) => grain.RemovePhotoAsync(context.Operation, token), cancellationToken),
            changed => changed.Number.ToString(),
            _ => authors.ReloadAsync(author, cancellationToken),
            changed => Task.FromResult<IResult>(changed switch
            {
                { IsAccepted: true } => TypedResults.Ok(),
                { Rejection.Code: var code } when code == AuthorRejections.Unknown(author).Code =>
                    ContractErrors.AccessDenied("An author with that number does not exist").WithCode(code),
                _ => ContractErrors.Of(changed.Rejection),
            }));
    }

    private static IResult Answer(HttpContext http, Result<Author> author) => author.IsAccepted
        ? Preconditions.Versioned(http, AuthorView.From(author.Value, Links.Of(http)), author.Value.Version)
        : ContractErrors.Of(author.Rejection);

    private static IResult NotANumber(string number) =>
        ContractErrors.Mismatch("authorNumber", number, "An author number is a positive whole number.");
}
