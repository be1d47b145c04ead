namespace Lms.Contract.Tests;

/// <summary>The statuses one well-formed request gets, by who sends it.</summary>
internal sealed record Access(string Operation, int[] ByRole, Func<Scene, Task<Answer>> SendAsync)
{
    public int Expected(Role role) => ByRole[(int)role];
}

/// <summary>Who calls, and what the call needs: a reader's own things belong to the calling reader.</summary>
internal sealed class Scene(Library library, Role role)
{
    private AReader? reader;

    public Library Library => library;

    public bool Is(Role other) => role == other;

    public Task<Api> CallerAsync() => library.CallerAsync(role);

    /// <summary>A fresh reader; it is also the caller when a reader calls through <see cref="OwnApiAsync"/>.</summary>
    public async Task<AReader> ReaderAsync(Photo? photo = null) => reader ??= await library.NewReaderAsync(photo);

    public async Task<Api> OwnApiAsync() => role == Role.Reader ? (await ReaderAsync()).Api : await CallerAsync();
}

/// <summary>One row per operation: none, reader, librarian, admin.</summary>
internal static class AccessTable
{
    public static IReadOnlyList<Access> Rows { get; } =
    [
        // Sign-in and accounts
        Row("POST /api/public/login", 200, 200, 200, 200, async scene =>
        {
            var reader = await scene.ReaderAsync();
            return await (await scene.CallerAsync()).PostAsync(
                "/api/public/login", new { username = reader.Username, password = Any.Password });
        }),
        Row("POST /api/public/register", 200, 200, 200, 200, async scene =>
            await (await scene.CallerAsync()).PostAsync("/api/public/register", Account("READER"))),
        Row("POST /api/admin/users", 401, 403, 403, 200, async scene =>
            await (await scene.CallerAsync()).PostAsync("/api/admin/users", Account("LIBRARIAN"))),
        Row("PUT /api/admin/users/{}", 401, 403, 403, 200, async scene =>
        {
            var (id, _, _) = await scene.Library.NewUserAsync("LIBRARIAN");
            return await (await scene.CallerAsync()).PutAsync($"/api/admin/users/{id}", new { name = Any.PersonName });
        }),
        Row("GET /api/admin/users/{}", 401, 403, 403, 200, async scene =>
        {
            var (id, _, _) = await scene.Library.NewUserAsync("READER");
            return await (await scene.CallerAsync()).GetAsync($"/api/admin/users/{id}");
        }),
        Row("DELETE /api/admin/users/{}", 401, 403, 403, 200, async scene =>
        {
            var (id, _, _) = await scene.Library.NewUserAsync("READER");
            return await (await scene.CallerAsync()).DeleteAsync($"/api/admin/users/{id}");
        }),
        Post("/api/admin/users/search", 401, 403, 403, 200, new { query = new { fullName = "Nome" } }),

        // Authors
        Row("POST /api/authors", 401, 403, 201, 403, async scene => await (await scene.CallerAsync()).PostAsync(
            "/api/authors", Body.Form(("name", Any.PersonName), ("bio", Any.Bio)))),
        Row("PATCH /api/authors/{}", 401, 403, 200, 403, async scene =>
        {
            var author = await scene.Library.NewAuthorAsync();
            return await (await scene.CallerAsync()).PatchAsync(author.Path, Body.Form(("bio", Any.Bio)), author.ETag);
        }),
        GetAuthor("", 401, 200, 200, 403),
        Get("GET /api/authors", "?name=Nome", 401, 200, 200, 403),
        GetAuthor("/books", 401, 200, 403, 403),
        GetAuthor("/coauthors", 401, 200, 403, 403),
        Row("GET /api/authors/top5", 401, 200, 200, 403, async scene =>
        {
            await scene.Library.TodayAsync();
            return await AskAsync(scene, "/api/authors/top5", 200);
        }),
        GetAuthor("/photo", 401, 200, 200, 403),
        Row("DELETE /api/authors/{}/photo", 401, 403, 200, 403, async scene =>
        {
            var author = await scene.Library.NewAuthorAsync(photo: Photo.Png());
            return await (await scene.CallerAsync()).DeleteAsync($"{author.Path}/photo");
        }),

        // Books
        Row("PUT /api/books/{}", 401, 403, 201, 403, async scene => await (await scene.CallerAsync()).PutAsync(
            $"/api/books/{Any.Isbn13}", Body.Form(
                ("title", Any.Title), ("genre", await scene.Library.GenreAsync()),
                ("authors[]", (await scene.Library.AuthorAsync()).Number)))),
        Row("PATCH /api/books/{}", 401, 403, 200, 403, async scene =>
        {
            var book = await scene.Library.NewBookAsync();
            return await (await scene.CallerAsync()).PatchAsync(book.Path, Body.Form(("title", Any.Title)), book.ETag);
        }),
        GetBook("", 401, 200, 200, 403),
        Row("GET /api/books", 401, 200, 200, 403, async scene =>
        {
            var book = await scene.Library.BookAsync();
            return await AskAsync(scene, $"/api/books?title={Uri.EscapeDataString(book.Title)}", 200);
        }),
        Post("/api/books/search", 401, 200, 200, 403, new { query = new { title = "Livro" } }),
        Get("GET /api/books/top5", "", 401, 200, 200, 403),
        Row("GET /api/books/suggestions", 401, 200, 403, 403, async scene =>
        {
            var book = await scene.Library.BookAsync();
            var reader = await scene.Library.NewReaderAsync(("interestList[]", book.Genre));
            var caller = scene.Is(Role.Reader) ? reader.Api : await scene.CallerAsync();
            return await Eventually.HoldsAsync(
                () => caller.GetAsync("/api/books/suggestions"), answer => answer.Status != 404);
        }),
        Row("GET /api/books/{}/avgDuration", 401, 403, 200, 403, async scene =>
        {
            var lent = await scene.Library.NewBookAsync();
            await scene.Library.LendAndReturnAsync(await scene.ReaderAsync(), lent.Isbn);
            return await AskAsync(scene, $"{lent.Path}/avgDuration", 200);
        }),
        GetBook("/photo", 401, 200, 200, 403),
        Row("DELETE /api/books/{}/photo", 401, 403, 200, 403, async scene =>
        {
            var book = await scene.Library.NewBookAsync(photo: Photo.Png());
            return await (await scene.CallerAsync()).DeleteAsync($"{book.Path}/photo");
        }),

        // Readers
        Row("POST /api/readers", 201, 201, 201, 201, async scene =>
            await (await scene.CallerAsync()).PostAsync("/api/readers", Body.Form(Any.Reader()))),
        Row("PATCH /api/readers", 401, 200, 403, 403, async scene =>
        {
            var reader = await scene.ReaderAsync();
            return await (await scene.OwnApiAsync()).PatchAsync(
                "/api/readers", Body.Form(("fullName", Any.PersonName)), reader.ETag);
        }),
        Row("GET /api/readers", 401, 200, 200, 403,
            async scene => await (await scene.OwnApiAsync()).GetAsync("/api/readers")),
        Row("GET /api/readers/{}/{}", 401, 403, 200, 403, async scene =>
            await (await scene.OwnApiAsync()).GetAsync((await scene.ReaderAsync()).Path)),
        Row("POST /api/readers/search", 401, 403, 200, 403, async scene =>
        {
            var query = new { query = new { email = (await scene.ReaderAsync()).Username } };
            var caller = await scene.OwnApiAsync();
            return await Eventually.HoldsAsync(
                () => caller.PostAsync("/api/readers/search", query), answer => answer.Status != 404);
        }),
        Row("GET /api/readers/{}/{}/lendings", 401, 200, 403, 403, async scene =>
        {
            var reader = await scene.ReaderAsync();
            var book = await scene.Library.BookAsync();
            await scene.Library.LendAsync(reader, book.Isbn);
            return await AskAsync(scene, $"{reader.Path}/lendings?isbn={book.Isbn}", 200);
        }),
        Get("GET /api/readers/top5", "", 401, 403, 200, 403),
        Row("GET /api/readers/top5ByGenre", 401, 403, 200, 403, async scene =>
        {
            var book = await scene.Library.BookAsync();
            var day = await scene.Library.TodayAsync();
            return await AskAsync(
                scene,
                $"/api/readers/top5ByGenre?genre={Uri.EscapeDataString(book.Genre)}&{Body.Days(day, day)}",
                200);
        }),
        Row("GET /api/readers/{}/{}/photo", 401, 200, 200, 403, async scene =>
        {
            var reader = await scene.ReaderAsync(Photo.Png());
            return await (await scene.OwnApiAsync()).GetAsync($"{reader.Path}/photo");
        }),
        Row("GET /api/readers/photo", 401, 200, 403, 403, async scene =>
        {
            await scene.ReaderAsync(Photo.Png());
            return await (await scene.OwnApiAsync()).GetAsync("/api/readers/photo");
        }),
        Row("DELETE /api/readers/photo", 401, 200, 403, 403, async scene =>
        {
            await scene.ReaderAsync(Photo.Png());
            return await (await scene.OwnApiAsync()).DeleteAsync("/api/readers/photo");
        }),

        // Lendings
        Row("POST /api/lendings", 401, 403, 201, 403, async scene => await (await scene.OwnApiAsync()).PostAsync(
            "/api/lendings",
            new { isbn = (await scene.Library.BookAsync()).Isbn, readerNumber = (await scene.ReaderAsync()).Number })),
        Row("GET /api/lendings/{}/{}", 401, 200, 200, 403, async scene =>
        {
            var lending = await scene.Library.LendAsync(await scene.ReaderAsync());
            return await (await scene.OwnApiAsync()).GetAsync(lending.Path);
        }),
        Row("PATCH /api/lendings/{}/{}", 401, 200, 403, 403, async scene =>
        {
            var lending = await scene.Library.LendAsync(await scene.ReaderAsync());
            return await (await scene.OwnApiAsync())
                .PatchAsync(lending.Path, new { commentary = "Lido." }, lending.ETag);
        }),
        Row("GET /api/lendings/overdue", 401, 403, 200, 403, async scene =>
        {
            if (scene.Is(Role.Librarian))
            {
                await ((LibraryFixture)scene.Library).DemoAsync();
            }

            return await (await scene.CallerAsync()).GetAsync("/api/lendings/overdue?number=1&limit=10");
        }),
        Row("GET /api/lendings/avgDuration", 401, 403, 200, 403, async scene =>
        {
            await scene.Library.LendAndReturnAsync(await scene.ReaderAsync());
            return await AskAsync(scene, "/api/lendings/avgDuration", 200);
        }),
        Post("/api/lendings/search", 401, 403, 200, 403, new { }),

        // Reports on genres
        Row("GET /api/genres/top5", 401, 403, 200, 403, async scene =>
        {
            await scene.Library.BookAsync();
            return await AskAsync(scene, "/api/genres/top5", 200);
        }),
        Post("/api/genres/avgLendingsPerGenre", 401, 403, 200, 403, new { query = new { year = 2025, month = 2 } }),
        Row("GET /api/genres/lendingsPerMonthLastTwelveMonths", 401, 403, 200, 403, async scene =>
        {
            await scene.Library.TodayAsync();
            return await AskAsync(scene, "/api/genres/lendingsPerMonthLastTwelveMonths", 200);
        }),
        Row("GET /api/genres/lendingsAverageDurationPerMonth", 401, 403, 200, 403, async scene =>
        {
            await scene.Library.LendAndReturnAsync(await scene.ReaderAsync());
            var day = await scene.Library.TodayAsync();
            return await AskAsync(
                scene,
                $"/api/genres/lendingsAverageDurationPerMonth?{Body.Days(day.AddDays(-1), day.AddDays(1))}",
                200);
        }),

        // What the monolith did not have
        Get("GET /api/genres", "", 401, 200, 200, 403),
        Row("POST /api/genres", 401, 403, 201, 403, async scene =>
            await (await scene.CallerAsync()).PostAsync("/api/genres", new { name = Any.GenreName })),
        Row("PATCH /api/genres/{}", 401, 403, 200, 403, async scene =>
        {
            var name = Any.GenreName;
            var made = await (await scene.Library.LibrarianAsync()).PostAsync("/api/genres", new { name });
            return await (await scene.CallerAsync()).PatchAsync(
                $"/api/genres/{Uri.EscapeDataString(name)}", new { name = name.ToUpperInvariant() }, made.ETag);
        }),
        Row("DELETE /api/genres/{}", 401, 403, 204, 403, async scene =>
        {
            var name = Any.GenreName;
            var made = await (await scene.Library.LibrarianAsync()).PostAsync("/api/genres", new { name });
            return await (await scene.CallerAsync()).DeleteAsync(
                $"/api/genres/{Uri.EscapeDataString(name)}", ("If-Match", made.ETag));
        }),
        Get("GET /api/books/full-text", "?q=livro", 401, 200, 200, 403),
        Row("POST /api/books/complete", 401, 403, 201, 403, async scene => await (await scene.CallerAsync()).PostAsync(
            "/api/books/complete",
            new
            {
                isbn = Any.Isbn13,
                title = Any.Title,
                genre = Any.GenreName,
                authors = new[] { new { name = Any.PersonName, bio = Any.Bio } },
            })),
        Row("GET /api/books/{}/copies", 401, 200, 200, 403, async scene =>
            await (await scene.CallerAsync()).GetAsync($"{(await scene.Library.BookAsync()).Path}/copies")),
        Row("POST /api/books/{}/copies", 401, 403, 201, 403, async scene =>
        {
            var book = await scene.Library.NewBookAsync();
            return await (await scene.CallerAsync()).PostAsync($"{book.Path}/copies", new { barcode = Any.Barcode });
        }),
        Row("GET /api/copies/{}", 401, 200, 200, 403, async scene =>
        {
            var book = await scene.Library.NewBookAsync();
            var barcode = await scene.Library.NewCopyAsync(book.Isbn);
            return await (await scene.CallerAsync()).GetAsync($"/api/copies/{barcode}");
        }),
        Row("PATCH /api/copies/{}", 401, 403, 200, 403, async scene =>
        {
            var (path, etag) = await CopyAsync(scene);
            return await (await scene.CallerAsync()).PatchAsync(path, new { shelfMark = "A 1" }, etag);
        }),
        Row("DELETE /api/copies/{}", 401, 403, 204, 403, async scene =>
        {
            var (path, etag) = await CopyAsync(scene);
            return await (await scene.CallerAsync()).DeleteAsync(path, ("If-Match", etag));
        }),
        Row("POST /api/returns", 401, 403, 200, 403, async scene =>
        {
            var lending = await scene.Library.LendAsync(await scene.Library.NewReaderAsync());
            return await (await scene.CallerAsync()).PostAsync("/api/returns", new { lendingNumber = lending.Number });
        }),
        Get("GET /api/returns/review", "", 401, 403, 200, 403),
        Row("POST /api/returns/review/{}", 401, 403, 404, 403, async scene => await (await scene.CallerAsync()).PostAsync(
            $"/api/returns/review/0a0a0a0a-{Guid.NewGuid():N}", new { decision = "dismiss" })),
        Row("GET /api/operations/{}", 401, 403, 404, 403, async scene =>
            await (await scene.CallerAsync()).GetAsync("/api/operations/none")),
        Row("GET /api/readers/{}/{}/lendings/monthly", 401, 200, 200, 403, async scene =>
        {
            var reader = await scene.ReaderAsync();
            return await (await scene.OwnApiAsync()).GetAsync($"{reader.Path}/lendings/monthly");
        }),
        Row("POST /api/imports", 401, 403, 202, 403, async scene => await (await scene.CallerAsync()).PostAsync(
            "/api/imports", Body.Raw(Catalogues.Csv(Catalogues.Row(Any.Isbn13, Any.Title)), "text/csv"))),
        Get("GET /api/imports", "", 401, 403, 200, 403),
        Row("GET /api/imports/{}", 401, 403, 200, 403, async scene =>
            await (await scene.CallerAsync()).GetAsync(await ImportAsync(scene))),
        Row("DELETE /api/imports/{}", 401, 403, 200, 403, async scene =>
            await (await scene.CallerAsync()).DeleteAsync(await ImportAsync(scene))),
        Row("POST /api/imports/{}/pause", 401, 403, 200, 403, async scene =>
        {
            var path = await ImportAsync(scene);
            var answer = await (await scene.CallerAsync()).SendAsync(HttpMethod.Post, $"{path}/pause");
            await (await scene.Library.LibrarianAsync()).DeleteAsync(path);
            return answer;
        }),
        Row("POST /api/imports/{}/resume", 401, 403, 200, 403, async scene =>
        {
            var path = await ImportAsync(scene);
            var librarian = await scene.Library.LibrarianAsync();
            await librarian.SendAsync(HttpMethod.Post, $"{path}/pause");
            var answer = await (await scene.CallerAsync()).SendAsync(HttpMethod.Post, $"{path}/resume");
            await librarian.DeleteAsync(path);
            return answer;
        }),
        Row("GET /api/imports/{}/failures", 401, 403, 200, 403, async scene =>
            await (await scene.CallerAsync()).GetAsync($"{await ImportAsync(scene)}/failures")),
        Get("GET /api/exports/books", "?format=csv", 401, 403, 200, 403),
        Row("GET /api/changes", 401, 403, 200, 200, async scene =>
        {
            // What is answered has no end, so its head is asked for; the refusals have a body.
            var caller = await scene.CallerAsync();
            return scene.Is(Role.Librarian) || scene.Is(Role.Admin)
                ? await caller.HeadAsync("/api/changes")
                : await caller.GetAsync("/api/changes");
        }),
        Get("GET /api/admin/forbidden-words", "", 401, 403, 403, 200),
        Row("PUT /api/admin/forbidden-words", 401, 403, 403, 200, async scene =>
            await ForbiddenWords.BorrowAsync(scene.Library, async words =>
                await (await scene.CallerAsync()).PutAsync(ForbiddenWords.Path, new { words }))),
        Get("GET /api/admin/maintenance", "", 401, 403, 403, 200),
        Row("PUT /api/admin/maintenance", 401, 403, 403, 200, async scene => // all tests share the library: it stays open
            await (await scene.CallerAsync()).PutAsync("/api/admin/maintenance", new { mode = "off" })),
        Row("POST /api/public/bootstrap", 409, 409, 409, 409, async scene =>
            await (await scene.CallerAsync()).PostAsync("/api/public/bootstrap", new { secret = "wrong" })),
        Get("GET /api/admin/keys", "", 401, 403, 403, 200),
        Post("/api/admin/keys/rotations", 401, 403, 403, 200, new { }),
        Row("DELETE /api/admin/keys/{}", 401, 403, 403, 204, async scene =>
        {
            // One that is announced: no token of another test is signed with it.
            var admin = await scene.Library.AdminAsync();
            var kid = (await admin.PostAsync("/api/admin/keys/rotations", new { })).Json.Text("kid");
            return await (await scene.CallerAsync()).DeleteAsync($"/api/admin/keys/{kid}");
        }),
        Get("GET /api/admin/breakers", "", 401, 403, 403, 200),
        Row("PUT /api/admin/breakers/{}/{}", 401, 403, 403, 200, async scene =>
            await (await scene.CallerAsync()).PutAsync("/api/admin/breakers/genres/write", new { state = "closed" })),
        Get("GET /status", "", 200, 200, 200, 200),
        Get("GET /status.json", "", 200, 200, 200, 200),
        Get("GET /health/live", "", 200, 200, 200, 200),
        Get("GET /health/ready", "", 200, 200, 200, 200),
        Get("GET /health/startup", "", 200, 200, 200, 200),
        Get("GET /.well-known/jwks.json", "", 200, 200, 200, 200),
    ];

    public static Access Find(string operation) => Rows.Single(row => row.Operation == operation);

    private static Access Row(
        string operation, int none, int reader, int librarian, int admin, Func<Scene, Task<Answer>> sendAsync) =>
        new(operation, [none, reader, librarian, admin], sendAsync);

    private static Access Get(string operation, string query, int none, int reader, int librarian, int admin) =>
        Row(operation, none, reader, librarian, admin, async scene =>
            await (await scene.CallerAsync()).GetAsync(operation.Split(' ')[1] + query));

    private static Access Post(string path, int none, int reader, int librarian, int admin, object body) =>
        Row($"POST {path}", none, reader, librarian, admin, async scene =>
            await (await scene.CallerAsync()).PostAsync(path, body));

    private static Access GetAuthor(string what, int none, int reader, int librarian, int admin) =>
        Row($"GET /api/authors/{{}}{what}", none, reader, librarian, admin, async scene =>
            await (await scene.CallerAsync()).GetAsync((await scene.Library.AuthorAsync()).Path + what));

    private static Access GetBook(string what, int none, int reader, int librarian, int admin) =>
        Row($"GET /api/books/{{}}{what}", none, reader, librarian, admin, async scene =>
            await (await scene.CallerAsync()).GetAsync((await scene.Library.BookAsync()).Path + what));

    private static async Task<Answer> AskAsync(Scene scene, string path, int hopedFor)
    {
        var caller = await scene.OwnApiAsync();
        return await Eventually.HoldsAsync(
            () => caller.GetAsync(path), answer => answer.Status == hopedFor || answer.Status is 401 or 403);
    }

    /// <summary>One that takes its time: it is not done when it is paused or cancelled.</summary>
    private static async Task<string> ImportAsync(Scene scene)
    {
        if (!scene.Is(Role.Librarian))
        {
            return $"/api/imports/{Guid.NewGuid():N}";
        }

        var answer = await (await scene.Library.LibrarianAsync()).PostAsync(
            "/api/imports", Body.Raw(Catalogues.Long(), "text/csv"));
        return $"/api/imports/{Expect.Status(202, answer).Json.Text("id")}";
    }

    private static async Task<(string Path, string ETag)> CopyAsync(Scene scene)
    {
        var book = await scene.Library.NewBookAsync();
        var barcode = Any.Barcode;
        var made = await (await scene.Library.LibrarianAsync()).PostAsync($"{book.Path}/copies", new { barcode });
        return ($"/api/copies/{barcode}", Expect.Status(201, made).ETag);
    }

    private static object Account(string role) =>
        new { username = Any.Email, password = Any.Password, name = Any.PersonName, role };
}
