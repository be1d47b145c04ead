using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lms.Contract.Tests;

public sealed record AnAuthor(string Number, string Name, string ETag)
{
    public string Path => $"/api/authors/{Number}";
}

public sealed record ABook(string Isbn, string Title, string Genre, AnAuthor Author, string ETag)
{
    public string Path => $"/api/books/{Isbn}";
}

public sealed record AReader(string Number, string Username, string FullName, string Phone, string ETag, Api Api)
{
    public string Path => $"/api/readers/{Number}";
}

public sealed record ALending(string Number, string ETag, JsonElement View)
{
    public string Path => $"/api/lendings/{Number}";
}

/// <summary>A library behind its REST interface, and the ways to put something into it.</summary>
public abstract class Library : IAsyncLifetime
{
    private static readonly TimeSpan SignInPatience = TimeSpan.FromSeconds(30);

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        Expect100ContinueTimeout = TimeSpan.FromSeconds(10),
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    private readonly Once<Api> admin;
    private readonly Once<Api> librarian;
    private readonly Once<string> genre;
    private readonly Once<AnAuthor> author;
    private readonly Once<ABook> book;
    private readonly Once<AReader> reader;
    private readonly Once<object> today;
    private Api? anyone;

    protected Library()
    {
        admin = new(() => StaffSignInAsync(AdminUsername, AdminPassword));
        librarian = new(NewLibrarianAsync);
        genre = new(NewGenreAsync);
        author = new(() => NewAuthorAsync());
        book = new(() => NewBookAsync());
        reader = new(() => NewReaderAsync());
        today = new(async () => await FirstLendingDayAsync());
    }

    public Api Anyone => anyone ?? throw new InvalidOperationException("This library is not open.");

    protected abstract string AdminUsername { get; }

    protected abstract string AdminPassword { get; }

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    public Task<Api> AdminAsync() => admin.GetAsync();

    public Task<Api> LibrarianAsync() => librarian.GetAsync();

    /// <summary>Shared, for tests that only look.</summary>
    public Task<string> GenreAsync() => genre.GetAsync();

    /// <summary>Shared, for tests that only look.</summary>
    public Task<AnAuthor> AuthorAsync() => author.GetAsync();

    /// <summary>Shared, for tests that only look.</summary>
    public Task<ABook> BookAsync() => book.GetAsync();

    /// <summary>Shared, for tests that only look.</summary>
    public Task<AReader> ReaderAsync() => reader.GetAsync();

    /// <summary>The library's day, as its own lendings tell it.</summary>
    public async Task<DateOnly> TodayAsync() => (DateOnly)await today.GetAsync();

    public async Task<Api> CallerAsync(Role role) => role switch
    {
        Role.None => Anyone,
        Role.Reader => (await ReaderAsync()).Api,
        Role.Librarian => await LibrarianAsync(),
        _ => await AdminAsync(),
    };

    public async Task<Api> SignInAsync(string username, string password)
    {
        var answer = Expect.Status(200, await LogInAsync(username, password));
        return Anyone.With(TokenOf(answer));
    }

    public Task<Answer> LogInAsync(string username, string password) =>
        Anyone.PostAsync("/api/public/login", new { username, password });

    public static string TokenOf(Answer login) =>
        login.Header("Authorization") ?? throw new InvalidOperationException($"No token.\n{login}");

    /// <summary>An account as ADMIN makes it.</summary>
    public async Task<(string Id, string Username, string FullName)> NewUserAsync(string role, string? name = null)
    {
        var username = Any.Email;
        var fullName = name ?? Any.PersonName;
        var answer = Expect.Status(200, await (await AdminAsync()).PostAsync(
            "/api/admin/users", new { username, password = Any.Password, name = fullName, role }));
        return (answer.Json.Text("id")!, username, fullName);
    }

    public async Task<AReader> NewReaderAsync(params (string Name, string? Value)[] instead) =>
        await NewReaderAsync(null, instead);

    public async Task<AReader> NewReaderAsync(Photo? photo, params (string Name, string? Value)[] instead)
    {
        var fields = Any.Reader(instead);
        var answer = Expect.Status(201, await Anyone.PostAsync("/api/readers", Body.Form(photo, fields)));
        var known = fields.Where(field => field.Name is "username" or "fullName" or "phoneNumber" or "password")
            .ToDictionary(field => field.Name, field => field.Value);
        return new AReader(
            answer.Json.Text("readerNumber")!, known["username"], known["fullName"], known["phoneNumber"], answer.ETag,
            await SignInAsync(known["username"], known["password"]));
    }

    public async Task<string> NewGenreAsync() => await NewGenreAsync(Any.GenreName);

    public async Task<string> NewGenreAsync(string name)
    {
        Expect.Status(201, await (await LibrarianAsync()).PostAsync("/api/genres", new { name }));
        return name;
    }

    public async Task<AnAuthor> NewAuthorAsync(string? name = null, Photo? photo = null)
    {
        name ??= Any.PersonName;
        var answer = Expect.Status(201, await (await LibrarianAsync()).PostAsync(
            "/api/authors", Body.Form(photo, ("name", name), ("bio", Any.Bio))));
        return new AnAuthor(
            answer.Json.GetProperty("authorNumber").GetInt64().ToString(CultureInfo.InvariantCulture), name,
            answer.ETag);
    }

    public async Task<ABook> NewBookAsync(
        string? title = null, string? genreName = null, AnAuthor? by = null, string? isbn = null, Photo? photo = null)
    {
        title ??= Any.Title;
        genreName ??= await GenreAsync();
        by ??= await AuthorAsync();
        isbn ??= Any.Isbn13;
        var answer = Expect.Status(201, await (await LibrarianAsync()).PutAsync($"/api/books/{isbn}", Body.Form(
            photo, ("title", title), ("genre", genreName), ("authors[]", by.Number), ("description", "Um livro."))));
        return new ABook(isbn, title, genreName, by, answer.ETag);
    }

    public async Task<ALending> LendAsync(AReader to, string? isbn = null)
    {
        isbn ??= (await BookAsync()).Isbn;
        var answer = Expect.Status(201, await (await LibrarianAsync()).PostAsync(
            "/api/lendings", new { isbn, readerNumber = to.Number }));
        return new ALending(answer.Json.Text("lendingNumber")!, answer.ETag, answer.Json);
    }

    public async Task<ALending> LendAndReturnAsync(AReader to, string? isbn = null)
    {
        var lending = await LendAsync(to, isbn);
        var answer = Expect.Status(200, await to.Api.PatchAsync(
            lending.Path, new { commentary = "Lido." }, lending.ETag));
        return lending with { ETag = answer.ETag, View = answer.Json };
    }

    public async Task<string> NewCopyAsync(string isbn)
    {
        var barcode = Any.Barcode;
        Expect.Status(201, await (await LibrarianAsync()).PostAsync($"/api/books/{isbn}/copies", new { barcode }));
        return barcode;
    }

    /// <summary>
    /// Ends the test that needs what is not there. In the pipeline, on a server of our own, that is a failure.
    /// </summary>
    public abstract void SkipBecause(string reason);

    protected void Open(IReadOnlyList<Uri> gateways) => anyone = new Api(http, gateways);

    protected async Task<Api> StaffSignInAsync(string username, string password)
    {
        var answer = await Eventually.HoldsAsync(
            () => LogInAsync(username, password), login => login.Status is 200 or 401 or 429, SignInPatience);
        return Anyone.With(TokenOf(Expect.Status(200, answer)));
    }

    private async Task<Api> NewLibrarianAsync()
    {
        var (_, username, _) = await NewUserAsync("LIBRARIAN");
        return await SignInAsync(username, Any.Password);
    }

    private async Task<DateOnly> FirstLendingDayAsync()
    {
        var lending = await LendAsync(await NewReaderAsync());
        return DateOnly.ParseExact(lending.View.Text("startDate")!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
