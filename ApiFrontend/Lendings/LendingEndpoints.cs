using System.Globalization;
using System.Text.Json;
using Lms.ApiFrontend.Books;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Readers;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Users;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Lendings;

namespace Lms.ApiFrontend.Lendings;

internal static class LendingEndpoints
{
    public static void MapLendings(this IEndpointRouteBuilder api)
    {
        var lendings = api.MapGroup("/lendings").WithTags("Lendings").OfContract();

        lendings.MapPost("", LendAsync).WithName("LendBook").For(Roles.Librarian)
            .WithSummary("Lends a book to a reader, today, if the rules allow it.")
            .Answers<LendingView>(201, LendingView.ContentType).Refuses(400, 403, 404).RefusesWithProblem(422);
        lendings.MapGet("/{year}/{sequence}", GetAsync).WithName("GetLending").For(Roles.Librarian, Roles.Reader)
            .WithSummary("One lending: librarians see every one, readers their own.")
            .Answers<LendingView>(contentType: LendingView.ContentType).Produces(304).Refuses(403, 404);
        lendings.MapPatch("/{year}/{sequence}", ReturnAsync).WithName("ReturnBook").For(Roles.Reader)
            .WithSummary("Returns a book as its reader.")
            .Answers<LendingView>(contentType: LendingView.ContentType).Refuses(400, 403, 404, 409).RefusesWithProblem(422);
        lendings.MapGet("/overdue", GetOverdueAsync).WithName("GetOverdueLendings").For(Roles.Librarian)
            .WithSummary("Lendings past their due date, the longest overdue first.")
            .WithDescription("The page is in the query, or in a JSON body of the GET: {\"number\": 1, \"limit\": 10}.")
            .Answers<Wrapped<LendingView>>().Refuses(400, 404);
        lendings.MapGet("/avgDuration", GetAverageAsync).WithName("GetAverageLendingDuration").For(Roles.Librarian)
            .WithSummary("Average days of all returned lendings.")
            .Answers<LendingsAverageDurationView>().Refuses(400);
        lendings.MapPost("/search", SearchAsync).WithName("SearchLendings").For(Roles.Librarian)
            .WithSummary("Lendings that meet every condition; without any, those of the last ten days.").OnlyReads()
            .Answers<Wrapped<LendingView>>().Refuses(400);
    }

    private static async Task<IResult> LendAsync(
        LendRequest body,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        BookReads books,
        ReaderReads readers,
        LendingReads lendings,
        LastLendings last,
        CancellationToken cancellationToken)
    {
        if (body.Isbn is not { Length: >= 10 and <= 13 })
        {
            return ContractErrors.Field("createLendingRequest", "isbn", body.Isbn, "size must be between 10 and 13");
        }

        if (body.ReaderNumber is not { Length: >= 6 and <= 16 })
        {
            return ContractErrors.Field("createLendingRequest", "readerNumber", body.ReaderNumber, "size must be between 6 and 16");
        }

        Barcode barcode = default;
        if (body.Barcode is not null && !Barcode.TryParse(body.Barcode, out barcode))
        {
            return ContractErrors.Field("createLendingRequest", "barcode", body.Barcode, "is not a barcode");
        }

        return await commands.RunAsync(
            http,
            async context =>
            {
                var asked = books.GetAsync(body.Isbn, cancellationToken);
                var reader = ReaderNumber.TryParse(body.ReaderNumber, out var number)
                    ? await readers.GetAsync(number, cancellationToken)
                    : new Rejection(RejectionKind.NotFound, "reader-unknown", "Reader not found");
                var book = await asked;
                if (!book.IsAccepted || !reader.IsAccepted)
                {
                    return book.Rejection ?? reader.Rejection!;
                }

                var command = new LendBook(
                    context.Operation,
                    book.Value.Isbn,
                    book.Value.Title,
                    reader.Value.User,
                    body.Barcode is null ? null : barcode);
                var lent = await calls.WriteAsync(
                    grains.Account(number), (grain, token) => grain.LendAsync(command, token), cancellationToken);
                last.Note(lent.Value);
                return lent;
            },
            lending => lending.Number.ToString(),
            number => lendings.GetAsync(LendingNumber.Of(number), cancellationToken),
            async lending => lending.IsAccepted
                ? Preconditions.Created(
                    http,
                    await lendings.ViewAsync(lending.Value, Links.Of(http), cancellationToken),
                    lending.Value.Version,
                    Links.Of(http).Lending(lending.Value.Number),
                    LendingView.ContentType)
                : ContractErrors.OfLending(lending.Rejection));
    }

    private static async Task<IResult> GetAsync(
        string year, string sequence, HttpContext http, LendingReads lendings, CancellationToken cancellationToken)
    {
        var lending = await lendings.GetAsync(year, sequence, cancellationToken);
        if (!lending.IsAccepted)
        {
            return ContractErrors.Of(lending.Rejection);
        }

        if (!Principal.IsLibrarian(http.User) && Principal.UserOf(http.User) != lending.Value.ReaderUser)
        {
            return NotYours();
        }

        http.Response.Headers.Location = Links.Of(http).Lending(lending.Value.Number);
        return await AnswerAsync(http, lending.Value, lendings, cancellationToken);
    }

    private static async Task<IResult> ReturnAsync(
        string year,
        string sequence,
        ReturnRequest? body,
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

        var known = await lendings.GetAsync(year, sequence, cancellationToken);
        if (!known.IsAccepted)
        {
            return ContractErrors.Of(known.Rejection);
        }

        if (Principal.UserOf(http.User) != known.Value.ReaderUser)
        {
            return NotYours();
        }

        return await commands.RunAsync(
            http,
            context => calls.WriteAsync(
                grains.Account(known.Value.Reader),
                (grain, token) => grain.ReturnAsync(
                    new(context.Operation, known.Value.Number, version, body?.Commentary), token),
                cancellationToken),
            lending => lending.Number.ToString(),
            number => lendings.GetAsync(LendingNumber.Of(number), cancellationToken),
            async lending => lending switch
            {
                { IsAccepted: true } => await AnswerAsync(http, lending.Value, lendings, cancellationToken),
                { Rejection.Code: var code } when code == LendingRejections.AlreadyReturned.Code =>
                    ContractErrors.BadRequest(lending.Rejection.Detail).WithCode(code),
                _ => ContractErrors.Of(lending.Rejection),
            });
    }

    private static async Task<IResult> GetOverdueAsync(
        int? number,
        int? limit,
        HttpContext http,
        LendingQueries queries,
        LibraryCalendar calendar,
        CancellationToken cancellationToken)
    {
        var page = await OverduePageAsync(http, number, limit, cancellationToken);
        if (page is null)
        {
            return Problems.Invalid("page-missing", "Send the page as JSON, or as ?number= and ?limit=.");
        }

        if (!page.IsValid)
        {
            return ContractErrors.Field("page", "limit", page.Limit, "number is at least 1, limit is from 1 to 100");
        }

        var today = calendar.Today;
        var found = await queries.OverdueAsync(today, page.Offset, page.Size, cancellationToken);
        return found.Count == 0
            ? ContractErrors.NotFound("No lendings to show")
            : TypedResults.Json(Views(found, today, http));
    }

    // Kept: the page is the body of a GET. One that is wrapped, or has other members, asks for the first page.
    private static async Task<PageRequest?> OverduePageAsync(
        HttpContext http, int? number, int? limit, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, cancellationToken);
        if (buffer.Length == 0)
        {
            return number is null && limit is null ? null : new(number, limit);
        }

        try
        {
            using var document = JsonDocument.Parse(buffer.ToArray());
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            return root.EnumerateObject().Any(member => member.Name is not ("number" or "limit"))
                ? PageRequest.First
                : new(Number(root, "number"), Number(root, "limit"));
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException("The body is not JSON.", exception);
        }
    }

    private static int? Number(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : throw new BadHttpRequestException($"'{name}' is not a whole number.");

    private static async Task<IResult> GetAverageAsync(LendingQueries queries, CancellationToken cancellationToken) =>
        await queries.AverageDaysAsync(cancellationToken) is { } average
            ? TypedResults.Json(new LendingsAverageDurationView(average))
            : ContractErrors.BadRequest("There are no returned lendings");

    private static async Task<IResult> SearchAsync(
        SearchRequest<LendingQuery>? body,
        HttpContext http,
        LendingQueries queries,
        LibraryCalendar calendar,
        CancellationToken cancellationToken)
    {
        var page = body?.Page ?? PageRequest.First;
        if (!page.IsValid)
        {
            return ContractErrors.BadRequest("The page is out of range.");
        }

        var today = calendar.Today;
        var query = body?.Query
            ?? new(null, null, null, today.AddDays(-10).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), null);
        if (!TryParseDate(query.StartDate, out var start) || !TryParseDate(query.EndDate, out var end))
        {
            return ContractErrors.BadRequest("Expected format is YYYY-MM-DD");
        }

        var found = await queries.SearchAsync(
            string.IsNullOrEmpty(query.ReaderNumber) ? null : query.ReaderNumber,
            string.IsNullOrEmpty(query.Isbn) ? null : Isbn.TryParse(query.Isbn, out var isbn) ? isbn.ToString() : query.Isbn,
            query.Returned,
            start,
            end,
            page.Offset,
            page.Size,
            cancellationToken);
        return TypedResults.Json(Views(found, today, http));
    }

    internal static async Task<IResult> AnswerAsync(
        HttpContext http, Lending lending, LendingReads lendings, CancellationToken cancellationToken)
    {
        var view = await lendings.ViewAsync(lending, Links.Of(http), cancellationToken);

        // What a view of an open lending says about days changes with the day, so the ETag tells clients of versions only.
        return Preconditions.Versioned(http, view, lending.Version, LendingView.ContentType);
    }

    private static Wrapped<LendingView> Views(IReadOnlyList<LendingSummary> lendings, DateOnly today, HttpContext http)
    {
        var links = Links.Of(http);
        return new([.. lendings.Select(lending => LendingView.From(lending, today, links))]);
    }

    private static bool TryParseDate(string? text, out DateOnly? date)
    {
        date = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var isGood = Dates.TryParse(text, out var day);
        date = day;
        return isGood;
    }

    private static IResult NotYours() => ContractErrors.AccessDenied("Reader does not have permission to view this lending");
}
