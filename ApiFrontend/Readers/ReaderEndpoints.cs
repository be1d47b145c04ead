using System.Globalization;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Lendings;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Photos;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Users;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Readers;

namespace Lms.ApiFrontend.Readers;

internal static class ReaderEndpoints
{
    public static void MapReaders(this IEndpointRouteBuilder api)
    {
        var readers = api.MapGroup("/readers").WithTags("Readers").OfContract();

        readers.MapPost("", RegisterAsync).WithName("RegisterReader").ForAnyone()
            .WithSummary("Registers a reader, who can then sign in.")
            .TakesForm<ReaderForm>().Answers<ReaderView>(201).Refuses(400, 403, 404, 409).RefusesWithProblem(422);
        readers.MapPatch("", ChangeAsync).WithName("ChangeReader").For(Roles.Reader)
            .WithSummary("Changes the reader who calls. A consent that is left out is withdrawn.")
            .TakesForm<ReaderForm>().Answers<ReaderView>().Refuses(400, 404, 409).RefusesWithProblem(422);
        readers.MapGet("", FindAsync).WithName("GetReaders").For(Roles.Reader, Roles.Librarian)
            .WithSummary("Readers see themselves; librarians see everybody, or whom a name or phone number finds.")
            .WithDescription(
                "A reader is answered one ReaderView with its ETag; a librarian an array of all, or {\"items\": [...]} when "
                + "name (a part of it) or phoneNumber (all of it) is given.")
            .Answers<IReadOnlyList<ReaderView>>().Produces(304).Refuses(404);
        readers.MapGet("/{year}/{sequence}", GetAsync).WithName("GetReader").For(Roles.Librarian)
            .WithSummary("One reader, with something that happened in the month of their birth.")
            .Answers<ReaderQuoteView>().Produces(304).Refuses(404);
        readers.MapPost("/search", SearchAsync).WithName("SearchReaders").For(Roles.Librarian)
            .WithSummary("Readers who meet any of the conditions.").OnlyReads()
            .Answers<Wrapped<ReaderView>>().Refuses(400, 404);
        readers.MapGet("/{year}/{sequence}/lendings", GetLendingsAsync).WithName("GetLendingsOfReader").For(Roles.Reader)
            .WithSummary("The caller's own lendings of one book.")
            .Answers<IReadOnlyList<LendingView>>().Refuses(400, 403, 404);
        readers.MapGet("/top5", GetTop5Async).WithName("GetTop5Readers").For(Roles.Librarian)
            .WithSummary("The five readers with the most lendings.")
            .Answers<Wrapped<ReaderView>>();
        readers.MapGet("/top5ByGenre", GetTop5ByGenreAsync).WithName("GetTop5ReadersByGenre").For(Roles.Librarian)
            .WithSummary("The five readers with the most lendings in a genre, between two days.")
            .Answers<Wrapped<ReaderCountView>>().Refuses(400, 404);
        readers.MapGet("/{year}/{sequence}/photo", GetPhotoAsync).WithName("GetPhotoOfReader").For(Roles.Reader, Roles.Librarian)
            .WithSummary("A reader's photo: librarians see every one, readers their own.")
            .AnswersPhoto().Refuses(403, 404);
        readers.MapGet("/photo", GetOwnPhotoAsync).WithName("GetOwnPhoto").For(Roles.Reader)
            .WithSummary("The photo of the reader who calls.")
            .AnswersPhoto().Refuses(404);
        readers.MapDelete("/photo", RemovePhotoAsync).WithName("RemoveOwnPhoto").For(Roles.Reader)
            .WithSummary("Removes the photo of the reader who calls.")
            .AnswersEmpty().Refuses(404).RefusesWithProblem(422);

        api.MapGroup("/readers").WithTags("Readers")
            .MapGet("/{year}/{sequence}/lendings/monthly", GetMonthlyAsync).WithName("GetMonthlyLendings")
            .WithSummary("How many books a reader borrowed in each month; the last twelve unless asked otherwise.")
            .For(Roles.Reader, Roles.Librarian).Answers<MonthlyLendingsView>().RefusesWithProblem(400, 404);
    }

    private static async Task<IResult> RegisterAsync(
        Fields fields,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        ReaderReads readers,
        PasswordHasher passwords,
        PhotoStore photos,
        CancellationToken cancellationToken)
    {
        var (isGood, photo) = await UploadedPhoto.ReadAsync(fields, cancellationToken);
        if (!isGood)
        {
            return ContractErrors.BadRequest(UploadedPhoto.NotAPhoto);
        }

        if (!Username.TryParse(fields.Text("username"), out var username))
        {
            return ContractErrors.Of(UserRejections.UsernameInvalid);
        }

        if (fields.Text("password") is not { } password || !PasswordRules.IsGood(password))
        {
            return ContractErrors.Of(UserRejections.PasswordWeak);
        }

        return await commands.RunAsync(
            http,
            async context =>
            {
                var command = new RegisterReader(
                    context.Operation,
                    username,
                    fields.Text("fullName"),
                    await passwords.HashAsync(password, cancellationToken),
                    new()
                    {
                        BirthDate = fields.Text("birthDate"),
                        PhoneNumber = fields.Text("phoneNumber"),
                        Gdpr = fields.Flag("gdpr"),
                        Marketing = fields.Flag("marketing"),
                        ThirdParty = fields.Flag("thirdParty"),
                        Interests = fields.List("interestList") ?? [],
                        Photo = await photos.StoreAsync(photo, cancellationToken),
                    });
                return await calls.WriteAsync(
                    grains.ReaderRegistration(), (grain, token) => grain.RegisterAsync(command, token), cancellationToken);
            },
            reader => reader.Number.ToString(),
            number => readers.GetAsync(ReaderNumber.Of(number), cancellationToken),
            async reader => reader.IsAccepted
                ? Preconditions.Created(
                    http,
                    await readers.ViewAsync(reader.Value, Links.Of(http), cancellationToken),
                    reader.Value.Version,
                    Links.Of(http).Reader(reader.Value.Number))
                : ContractErrors.Of(reader.Rejection));
    }

    private static async Task<IResult> ChangeAsync(
        Fields fields,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        ReaderReads readers,
        PasswordHasher passwords,
        PhotoStore photos,
        CancellationToken cancellationToken)
    {
        if (!Preconditions.TryReadVersion(http, out var version, out var refusal))
        {
            return refusal;
        }

        if (Principal.ReaderOf(http.User) is not { } number)
        {
            return ContractErrors.Of(ReaderRejections.NoProfile);
        }

        var (isGood, photo) = await UploadedPhoto.ReadAsync(fields, cancellationToken);
        if (!isGood)
        {
            return ContractErrors.BadRequest(UploadedPhoto.NotAPhoto);
        }

        var (usernameText, password) = (fields.Text("username"), fields.Text("password"));
        Username username = default;
        if (usernameText is not null && !Username.TryParse(usernameText, out username))
        {
            return ContractErrors.Of(UserRejections.UsernameInvalid);
        }

        if (password is not null && !PasswordRules.IsGood(password))
        {
            return ContractErrors.Of(UserRejections.PasswordWeak);
        }

        return await commands.RunAsync(
            http,
            async context =>
            {
                var command = new ChangeReader
                {
                    Operation = context.Operation,
                    ExpectedVersion = version,
                    Identity = new()
                    {
                        FullName = fields.Text("fullName"),
                        Username = usernameText is null ? null : username,
                        PasswordHash = password is null ? null : await passwords.HashAsync(password, cancellationToken),
                    },
                    BirthDate = fields.Text("birthDate"),
                    PhoneNumber = fields.Text("phoneNumber"),
                    Marketing = fields.Flag("marketing"), // kept: leaving a consent out withdraws it
                    ThirdParty = fields.Flag("thirdParty"),
                    Interests = fields.List("interestList"),
                    Photo = await photos.StoreAsync(photo, cancellationToken),
                };
                return await calls.WriteAsync(
                    grains.Reader(number), (grain, token) => grain.ChangeAsync(command, token), cancellationToken);
            },
            reader => reader.Number.ToString(),
            _ => readers.GetAsync(number, cancellationToken),
            reader => AnswerAsync(http, reader, readers, cancellationToken));
    }

    // Three operations of the contract in one route: by name, by phone number, and everybody or oneself.
    private static async Task<IResult> FindAsync(
        string? name,
        string? phoneNumber,
        HttpContext http,
        ReaderReads readers,
        ReaderQueries queries,
        CancellationToken cancellationToken)
    {
        var isLibrarian = Principal.IsLibrarian(http.User);
        if (name is null && phoneNumber is null)
        {
            return isLibrarian
                ? TypedResults.Json(Views(await queries.AllAsync(cancellationToken), http))
                : Principal.ReaderOf(http.User) is { } number
                    ? await AnswerAsync(http, await readers.GetAsync(number, cancellationToken), readers, cancellationToken)
                    : ContractErrors.Of(ReaderRejections.NoProfile);
        }

        if (!isLibrarian)
        {
            return ContractErrors.AccessDenied("Only librarians may look for readers");
        }

        return Found(
            name is null
                ? await queries.ByPhoneAsync(phoneNumber!, cancellationToken)
                : await queries.ByNameAsync(SearchText.Folded(name), cancellationToken),
            http);
    }

    private static async Task<IResult> GetAsync(
        string year,
        string sequence,
        HttpContext http,
        ReaderReads readers,
        Quotes quotes,
        CancellationToken cancellationToken)
    {
        var reader = await readers.GetAsync(year, sequence, cancellationToken);
        if (!reader.IsAccepted)
        {
            return ContractErrors.Of(reader.Rejection);
        }

        var quote = quotes.ForAsync(reader.Value.BirthDate, cancellationToken);
        var view = await readers.ViewAsync(reader.Value, Links.Of(http), cancellationToken);
        return Preconditions.Versioned(http, new ReaderQuoteView(view, await quote), reader.Value.Version);
    }

    private static async Task<IResult> SearchAsync(
        SearchRequest<ReaderQuery>? body, HttpContext http, ReaderQueries queries, CancellationToken cancellationToken)
    {
        var page = body?.Page ?? PageRequest.First;
        if (!page.IsValid)
        {
            return ContractErrors.BadRequest("The page is out of range.");
        }

        var query = body?.Query;
        return Found(
            await queries.SearchAsync(
                SearchText.FoldedOrNull(query?.Name),
                string.IsNullOrEmpty(query?.Email) ? null : query.Email.ToLowerInvariant(),
                string.IsNullOrEmpty(query?.PhoneNumber) ? null : query.PhoneNumber,
                page.Offset,
                page.Size,
                cancellationToken),
            http);
    }

    private static async Task<IResult> GetLendingsAsync(
        string year,
        string sequence,
        string? isbn,
        string? returned,
        HttpContext http,
        ReaderReads readers,
        ReaderQueries queries,
        LibraryCalendar calendar,
        CancellationToken cancellationToken)
    {
        if (isbn is null)
        {
            return Problems.Invalid("isbn-missing", "Required parameter 'isbn' is not present.", "isbn");
        }

        if (!TryParseFlag(returned, out var isReturned))
        {
            return ContractErrors.Mismatch("returned", returned, "Use true or false");
        }

        var owner = await readers.OwnerAsync(year, sequence, http.User, cancellationToken);
        if (!owner.IsAccepted)
        {
            return ContractErrors.Of(owner.Rejection);
        }

        if (Principal.UserOf(http.User) != owner.Value.User)
        {
            return ContractErrors.AccessDenied("Reader does not have permission to view these lendings");
        }

        var links = Links.Of(http);
        var found = Isbn.TryParse(isbn, out var key)
            ? await queries.ListLendingsAsync(owner.Value.Number.ToString(), key.ToString(), isReturned, cancellationToken)
            : [];
        return found.Count == 0
            ? ContractErrors.NotFound("No lendings found")
            : TypedResults.Json(found.Select(lending => LendingView.From(lending, calendar.Today, links)));
    }

    private static async Task<IResult> GetTop5Async(
        HttpContext http, ReaderQueries queries, CancellationToken cancellationToken)
    {
        var found = await queries.Top5Async(cancellationToken);
        return TypedResults.Json(new Wrapped<ReaderView>(Views([.. found.Select(reader => reader.Reader)], http)));
    }

    private static async Task<IResult> GetTop5ByGenreAsync(
        string? genre,
        string? startDate,
        string? endDate,
        HttpContext http,
        ReaderQueries queries,
        CancellationToken cancellationToken)
    {
        if (genre is null)
        {
            return Problems.Invalid("genre-missing", "Required parameter 'genre' is not present.", "genre");
        }

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

        var links = Links.Of(http);
        var found = GenreName.TryParse(genre, out var name)
            ? await queries.Top5ByGenreAsync(name.Folded, start, end, cancellationToken)
            : [];
        return found.Count == 0
            ? ContractErrors.NotFound("No lendings found with the provided parameters")
            : TypedResults.Json(new Wrapped<ReaderCountView>(
                [.. found.Select(reader => new ReaderCountView(ReaderView.From(reader.Reader, links), reader.Lendings))]));
    }

    private static async Task<IResult> GetPhotoAsync(
        string year,
        string sequence,
        HttpContext http,
        ReaderReads readers,
        PhotoStore photos,
        CancellationToken cancellationToken)
    {
        // Another reader's photo is nobody's business, whether or not there is one.
        if (!Principal.IsLibrarian(http.User)
            && (!ReaderNumber.TryParse(year, sequence, out var number) || Principal.ReaderOf(http.User) != number))
        {
            return ContractErrors.AccessDenied("Reader does not have permission to view this photo");
        }

        return await AnswerPhotoAsync(await readers.GetAsync(year, sequence, cancellationToken), photos, cancellationToken);
    }

    private static async Task<IResult> GetOwnPhotoAsync(
        HttpContext http, ReaderReads readers, PhotoStore photos, CancellationToken cancellationToken) =>
        Principal.ReaderOf(http.User) is { } number
            ? await AnswerPhotoAsync(await readers.GetAsync(number, cancellationToken), photos, cancellationToken)
            : ContractErrors.Of(ReaderRejections.NoProfile);

    private static async Task<IResult> RemovePhotoAsync(
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        ReaderReads readers,
        CancellationToken cancellationToken) => Principal.ReaderOf(http.User) is not { } number
            ? ContractErrors.Of(ReaderRejections.NoProfile)
            : await commands.RunAsync(
                http,
                context => calls.WriteAsync(
                    grains.Reader(number), (grain, token) => grain.RemovePhotoAsync(context.Operation, token), cancellationToken),
                reader => reader.Number.ToString(),
                _ => readers.GetAsync(number, cancellationToken),
                reader => Task.FromResult<IResult>(
                    reader.IsAccepted ? TypedResults.Ok() : ContractErrors.Of(reader.Rejection)));

    private static async Task<IResult> GetMonthlyAsync(
        string year,
        string sequence,
        string? from,
        string? to,
        HttpContext http,
        ReaderReads readers,
        ReaderQueries queries,
        LibraryCalendar calendar,
        CancellationToken cancellationToken)
    {
        var owner = await readers.OwnerAsync(year, sequence, http.User, cancellationToken);
        if (!Principal.IsLibrarian(http.User) && (!owner.IsAccepted || Principal.UserOf(http.User) != owner.Value.User))
        {
            return Problems.Problem(403, "not-yours", "Readers see their own lendings only.");
        }

        if (!owner.IsAccepted)
        {
            return Problems.Of(owner.Rejection);
        }

        var today = calendar.Today;
        var last = new DateOnly(today.Year, today.Month, 1);
        if (!TryParseMonth(to, last, out last) || !TryParseMonth(from, last.Year > 1 ? last.AddMonths(-11) : last, out var first))
        {
            return Problems.Invalid("month-invalid", "Use yyyy-MM.", "from");
        }

        if (first > last || first.AddYears(10) <= last)
        {
            return Problems.Invalid("months-invalid", "Ask for at most ten years, from a month that is not after the last.", "from");
        }

        var counts = await queries.MonthlyAsync(
            owner.Value.Number.ToString(), first.Year, first.Month, last.Year, last.Month, cancellationToken);
        var byMonth = counts.ToDictionary(count => (count.Year, count.Month), count => count.Count);
        var months = (last.Year - first.Year) * 12 + last.Month - first.Month + 1;
        return TypedResults.Json(new MonthlyLendingsView(
        [
            .. Enumerable.Range(0, months).Select(first.AddMonths).Select(month => new MonthlyLendings(
                month.Year, month.Month, byMonth.GetValueOrDefault((month.Year, month.Month)))),
        ]));
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, Result<Reader> reader, ReaderReads readers, CancellationToken cancellationToken) => reader.IsAccepted
            ? Preconditions.Versioned(
                http, await readers.ViewAsync(reader.Value, Links.Of(http), cancellationToken), reader.Value.Version)
            : ContractErrors.Of(reader.Rejection);

    private static async Task<IResult> AnswerPhotoAsync(
        Result<Reader> reader, PhotoStore photos, CancellationToken cancellationToken) => reader.IsAccepted
            ? await photos.AnswerAsync(reader.Value.Photo, cancellationToken) ?? ContractErrors.Of(ReaderRejections.NoPhoto)
            : ContractErrors.Of(reader.Rejection);

    private static IResult Found(IReadOnlyList<ReaderSummary> readers, HttpContext http) => readers.Count == 0
        ? ContractErrors.NotFound("No readers found with the provided criteria")
        : TypedResults.Json(new Wrapped<ReaderView>(Views(readers, http)));

    private static ReaderView[] Views(IReadOnlyList<ReaderSummary> readers, HttpContext http)
    {
        var links = Links.Of(http);
        return [.. readers.Select(reader => ReaderView.From(reader, links))];
    }

    private static bool TryParseFlag(string? text, out bool? flag)
    {
        flag = null;
        if (text is null)
        {
            return true;
        }

        var isGood = bool.TryParse(text, out var value);
        flag = value;
        return isGood;
    }

    private static bool TryParseMonth(string? text, DateOnly fallback, out DateOnly month)
    {
        month = fallback;
        return text is null
            || DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out month);
    }
}
