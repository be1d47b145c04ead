using Lms.ApiFrontend.Books;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Lendings;

namespace Lms.ApiFrontend.Lendings;

internal static class CopyEndpoints
{
    public static void MapCopies(this IEndpointRouteBuilder api)
    {
        var ofBook = api.MapGroup("/books/{isbn}/copies").WithTags("Copies");

        ofBook.MapGet("", ListAsync).WithName("ListCopies").For(Roles.Reader, Roles.Librarian)
            .WithSummary("The copies of a book; librarians also see who has them.")
            .Answers<Paged<CopyView>>().RefusesWithProblem(400, 404);
        ofBook.MapPost("", AddAsync).WithName("AddCopy").For(Roles.Librarian)
            .WithSummary("Registers a copy. A book with copies is lent only while one of them is free.")
            .Answers<CopyView>(201).RefusesWithProblem(400, 404, 409, 422);

        var copies = api.MapGroup("/copies/{barcode}").WithTags("Copies");

        copies.MapGet("", GetAsync).WithName("GetCopy").For(Roles.Reader, Roles.Librarian)
            .WithSummary("One copy; librarians also see who has it.")
            .Answers<CopyView>().Produces(304).RefusesWithProblem(404);
        copies.MapPatch("", ChangeAsync).WithName("ChangeCopy").For(Roles.Librarian)
            .WithSummary("Changes branch and shelf mark.")
            .Answers<CopyView>().RefusesWithProblem(400, 404, 409, 422, 428);
        copies.MapDelete("", WithdrawAsync).WithName("WithdrawCopy").For(Roles.Librarian)
            .WithSummary("Takes a copy that is not lent out of the collection.")
            .AnswersEmpty(204).RefusesWithProblem(404, 409, 422);
    }

    private static async Task<IResult> ListAsync(
        string isbn,
        int? page,
        int? limit,
        HttpContext http,
        BookReads books,
        CopyQueries copies,
        CancellationToken cancellationToken)
    {
        if (PageQuery.Of(page, limit) is not var (number, size, offset))
        {
            return Problems.Invalid("page-invalid", "page is at least 1, limit is from 1 to 100.", "page");
        }

        var book = await books.GetAsync(isbn, cancellationToken);
        if (!book.IsAccepted)
        {
            return Problems.Of(book.Rejection);
        }

        var found = await copies.OfBookAsync(book.Value.Isbn.ToString(), offset, size, cancellationToken);
        var showsReader = Principal.IsLibrarian(http.User);
        return TypedResults.Json(new Paged<CopyView>(
            [.. found.Items.Select(copy => CopyView.From(copy, showsReader))], number, size, found.Total));
    }

    private static async Task<IResult> AddAsync(
        string isbn,
        AddCopyRequest body,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        BookReads books,
        LendingReads lendings,
        CancellationToken cancellationToken)
    {
        if (!Barcode.TryParse(body.Barcode, out var barcode))
        {
            return Problems.Invalid(
                "barcode-invalid", "A barcode has 1 to 50 visible ASCII characters and no slash.", "barcode");
        }

        return await commands.RunAsync(
            http,
            async context =>
            {
                var book = await books.GetAsync(isbn, cancellationToken);
                return book.IsAccepted
                    ? await calls.WriteAsync(
                        grains.Holdings(book.Value.Isbn),
                        (grain, token) => grain.AddAsync(
                            new(context.Operation, barcode, body.Branch, body.ShelfMark), token),
                        cancellationToken)
                    : book.Rejection;
            },
            copy => copy.Barcode.ToString(),
            _ => lendings.CopyAsync(barcode, cancellationToken),
            copy => Task.FromResult(copy.IsAccepted
                ? Preconditions.Created(
                    http, CopyView.From(copy.Value, showsReader: true), copy.Value.Version, Links.Of(http).Copy(barcode))
                : Problems.Of(copy.Rejection)));
    }

    private static async Task<IResult> GetAsync(
        string barcode, HttpContext http, LendingReads lendings, CancellationToken cancellationToken) =>
        Barcode.TryParse(barcode, out var label)
            ? Answer(http, await lendings.CopyAsync(label, cancellationToken))
            : Unknown();

    private static async Task<IResult> ChangeAsync(
        string barcode,
        ChangeCopyRequest body,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        LendingReads lendings,
        CancellationToken cancellationToken)
    {
        if (!Preconditions.TryReadVersion(http, out var version, out var refusal))
        {
            return refusal;
        }

        if (!Barcode.TryParse(barcode, out var label))
        {
            return Unknown();
        }

        return await commands.RunAsync(
            http,
            context => calls.WriteAsync(
                grains.Copy(label),
                (grain, token) => grain.ChangeAsync(new(context.Operation, version, body.Branch, body.ShelfMark), token),
                cancellationToken),
            copy => copy.Barcode.ToString(),
            _ => lendings.CopyAsync(label, cancellationToken),
            copy => Task.FromResult(Answer(http, copy)));
    }

    private static async Task<IResult> WithdrawAsync(
        string barcode,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        LendingReads lendings,
        CancellationToken cancellationToken)
    {
        if (!Barcode.TryParse(barcode, out var label))
        {
            return Unknown();
        }

        return await commands.RunAsync(
            http,
            async context =>
            {
                // Reserved, because a repeat may find the copy gone by its own first try.
                var copy = await lendings.CopyAsync(label, cancellationToken);
                var isbn = await context.ReserveAsync(copy.Value?.Isbn.ToString() ?? "");
                return isbn.Length == 0
                    ? copy
                    : await calls.WriteAsync(
                        grains.Holdings(Grains.Abstractions.Books.Isbn.Of(isbn)),
                        (grain, token) => grain.WithdrawAsync(context.Operation, label, token),
                        cancellationToken);
            },
            copy => copy.Isbn.ToString(),
            isbn => Task.FromResult<Result<Copy>>(
                new Copy { Barcode = label, Isbn = Grains.Abstractions.Books.Isbn.Of(isbn), IsWithdrawn = true }),
            copy => Task.FromResult<IResult>(copy.IsAccepted ? TypedResults.NoContent() : Problems.Of(copy.Rejection)));
    }

    private static IResult Answer(HttpContext http, Result<Copy> copy) => copy.IsAccepted
        ? Preconditions.Versioned(http, CopyView.From(copy.Value, Principal.IsLibrarian(http.User)), copy.Value.Version)
        : Problems.Of(copy.Rejection);

    private static IResult Unknown() => Problems.Problem(StatusCodes.Status404NotFound, "copy-unknown", "Copy not found");
}
