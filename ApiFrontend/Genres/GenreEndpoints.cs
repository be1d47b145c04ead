using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Users;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Genres;

namespace Lms.ApiFrontend.Genres;

internal static class GenreEndpoints
{
    public static void MapGenres(this IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/genres").WithTags("Genres").OfContract();

        reports.MapGet("/top5", GetTop5Async).WithName("GetTop5Genres").For(Roles.Librarian)
            .WithSummary("The five genres with the most books.")
            .Answers<Wrapped<GenreBookCountView>>().Refuses(404);
        reports.MapPost("/avgLendingsPerGenre", GetAverageLendingsAsync).WithName("GetAverageLendingsPerGenre").For(Roles.Librarian)
            .WithSummary("Lendings per day of each genre in one month.").OnlyReads()
            .Answers<Wrapped<GenreLendingsView>>().Refuses(400);
        reports.MapGet("/lendingsPerMonthLastTwelveMonths", GetLendingsPerMonthAsync).WithName("GetLendingsPerMonth").For(Roles.Librarian)
            .WithSummary("Lendings of each genre in each of the last twelve months.")
            .Answers<Wrapped<GenreCountPerMonthView>>().Refuses(404);
        reports.MapGet("/lendingsAverageDurationPerMonth", GetAverageDurationAsync).WithName("GetAverageDurationPerMonth").For(Roles.Librarian)
            .WithSummary("Average days of returned lendings, by genre and month in which they started.")
            .Answers<Wrapped<GenreAvgPerMonthView>>().Refuses(400, 404);

        var genres = api.MapGroup("/genres").WithTags("Genres");

        genres.MapGet("", ListAsync).WithName("ListGenres").For(Roles.Reader, Roles.Librarian)
            .WithSummary("All genres, by name.")
            .Answers<Paged<GenreView>>().RefusesWithProblem(400);
        genres.MapPost("", CreateAsync).WithName("CreateGenre").For(Roles.Librarian)
            .WithSummary("Adds a genre.")
            .Answers<GenreView>(201).RefusesWithProblem(400, 409, 422);
        genres.MapPatch("/{name}", RespellAsync).WithName("RespellGenre").For(Roles.Librarian)
            .WithSummary("Changes how a genre is spelled: letter case and accents.")
            .Answers<GenreView>().RefusesWithProblem(400, 404, 409, 422, 428);
        genres.MapDelete("/{name}", RetireAsync).WithName("RetireGenre").For(Roles.Librarian)
            .WithSummary("Retires a genre that no book has.")
            .AnswersEmpty(204).RefusesWithProblem(404, 409, 422);
    }

    private static async Task<IResult> GetTop5Async(GenreQueries genres, CancellationToken cancellationToken)
    {
        var found = await genres.Top5ByBooksAsync(cancellationToken);
        return found.Count == 0
            ? ContractErrors.NotFound("No genres to show")
            : TypedResults.Json(new Wrapped<GenreBookCountView>(
                [.. found.Select(genre => new GenreBookCountView(new(genre.Genre), genre.Books))]));
    }

    private static async Task<IResult> GetAverageLendingsAsync(
        SearchRequest<MonthQuery>? body, GenreQueries genres, CancellationToken cancellationToken)
    {
        var page = body?.Page ?? PageRequest.First;
        if (!page.IsValid)
        {
            return ContractErrors.Field("searchRequest", "page", rejectedValue: null, "number is at least 1, limit is from 1 to 100");
        }

        if (body?.Query is not { Year: >= 1 and <= 9999 and var year, Month: >= 1 and <= 12 and var month })
        {
            return ContractErrors.Field("searchRequest", "query", rejectedValue: null, "year and month (1 to 12) are required");
        }

        var found = await genres.AverageLendingsPerGenreAsync(year, month, page.Offset, page.Size, cancellationToken);
        return TypedResults.Json(new Wrapped<GenreLendingsView>(
            [.. found.Select(genre => new GenreLendingsView(genre.Genre, genre.Value))]));
    }

    private static async Task<IResult> GetLendingsPerMonthAsync(
        GenreQueries genres, LibraryCalendar calendar, CancellationToken cancellationToken)
    {
        var today = calendar.Today;
        var from = new DateOnly(today.Year, today.Month, 1).AddMonths(-11);
        var found = await genres.LendingsPerMonthAsync(from, today, cancellationToken);
        return found.Count == 0
            ? ContractErrors.NotFound("No lendings to show")
            : TypedResults.Json(new Wrapped<GenreCountPerMonthView>(
            [
                .. found.GroupBy(count => (count.Year, count.Month), (month, counts) => new GenreCountPerMonthView(
                    month.Year,
                    month.Month,
                    [.. counts.Select(count => new GenreLendingsView(count.Genre, count.Count))])),
            ]));
    }

    private static async Task<IResult> GetAverageDurationAsync(
        string? startDate, string? endDate, GenreQueries genres, CancellationToken cancellationToken)
    {
        if (!Dates.TryParse(startDate, out var start))
        {
            return ContractErrors.Mismatch("startDate", startDate, Dates.Format);
        }

        if (!Dates.TryParse(endDate, out var end))
        {
            return ContractErrors.Mismatch("endDate", endDate, Dates.Format);
        }

        if (start > end)
        {
            return ContractErrors.BadRequest("Start date cannot be after end date");
        }

        var found = await genres.AverageDurationPerMonthAsync(start, end, cancellationToken);
        return found.Count == 0
            ? ContractErrors.NotFound("No lendings to show")
            : TypedResults.Json(new Wrapped<GenreAvgPerMonthView>(
            [
                .. found.GroupBy(average => (average.Year, average.Month), (month, averages) => new GenreAvgPerMonthView(
                    month.Year,
                    month.Month,
                    [.. averages.Select(average => new GenreLendingsView(average.Genre, average.Average))])),
            ]));
    }

    private static async Task<IResult> ListAsync(
        int? page, int? limit, GenreQueries genres, CancellationToken cancellationToken)
    {
        if (PageQuery.Of(page, limit) is not var (number, size, offset))
        {
            return Problems.Invalid("page-invalid", "page is at least 1, limit is from 1 to 100.", "page");
        }

        var found = await genres.AllAsync(offset, size, cancellationToken);
        return TypedResults.Json(new Paged<GenreView>(
            [.. found.Items.Select(genre => new GenreView(genre.Name, genre.Version))], number, size, found.Total));
    }

    private static Task<IResult> CreateAsync(
        GenreRequest body,
        HttpContext http,
        GenreReads genres,
        Commands commands,
        CancellationToken cancellationToken)
    {
        if (!GenreName.TryParse(body.Name, out var name))
        {
            return Task.FromResult(Problems.Of(GenreRejections.Invalid));
        }

        return commands.RunAsync(
            http,
            context => genres.WriteAsync(
                name,
                (grain, token) => grain.CreateAsync(new(context.Operation, body.Name), token),
                cancellationToken),
            genre => genre.Name.ToString(),
            _ => genres.ReloadAsync(name, cancellationToken),
            genre => Task.FromResult(genre.IsAccepted
                ? Preconditions.Created(
                    http, new GenreView(genre.Value.Spelling, genre.Value.Version), genre.Value.Version, Links.Of(http).Genre(genre.Value.Spelling))
                : Problems.Of(genre.Rejection)));
    }

    private static async Task<IResult> RespellAsync(
        string name,
        GenreRequest body,
        HttpContext http,
        GenreReads genres,
        Commands commands,
        CancellationToken cancellationToken)
    {
        if (!Preconditions.TryReadVersion(http, out var version, out var refusal))
        {
            return refusal;
        }

        if (!GenreName.TryParse(name, out var key))
        {
            return Problems.Of(GenreRejections.Unknown("given"));
        }

        return await commands.RunAsync(
            http,
            context => genres.WriteAsync(
                key,
                (grain, token) => grain.RespellAsync(new(context.Operation, version, body.Name ?? ""), token),
                cancellationToken),
            genre => genre.Name.ToString(),
            _ => genres.ReloadAsync(key, cancellationToken),
            genre => Task.FromResult(genre.IsAccepted
                ? Preconditions.Versioned(http, new GenreView(genre.Value.Spelling, genre.Value.Version), genre.Value.Version)
                : Problems.Of(genre.Rejection)));
    }

    private static async Task<IResult> RetireAsync(
        string name,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        CancellationToken cancellationToken)
    {
        if (!GenreName.TryParse(name, out var key))
        {
            return Problems.Of(GenreRejections.Unknown("given"));
        }

        return await commands.RunAsync<Genre>(
            http,
            context => calls.WriteAsync(
                grains.Genre(key), (grain, token) => grain.RetireAsync(context.Operation, token), cancellationToken),
            genre => genre.Name.ToString(),
            folded => Task.FromResult<Result<Genre>>(new Genre { Name = GenreName.Of(folded), Spelling = folded }),
            genre => Task.FromResult<IResult>(genre.IsAccepted ? TypedResults.NoContent() : Problems.Of(genre.Rejection)));
    }
}

