using System.Text.Json;
using Lms.Tests.Shared;

namespace Lms.Cluster.Tests.Degraded;

/// <summary>Every operation of the API with a request that succeeds when all is well.</summary>
internal static class Operations
{
    private const string Books = "/api/books";

    public static IReadOnlyDictionary<string, Func<Scene, Task<Answer>>> All { get; } =
        new SortedDictionary<string, Func<Scene, Task<Answer>>>(StringComparer.Ordinal)
        {
            ["CreateAuthor"] = scene => scene.Librarian.PostAsync("/api/authors", Body.Form(("name", Any.PersonName), ("bio", Any.Bio))),
            ["FindAuthors"] = scene => scene.Librarian.GetAsync("/api/authors?name=Nome"),
            ["ChangeAuthor"] = scene => scene.Librarian.PatchAsync($"/api/authors/{scene.AuthorToChange}", new { bio = Any.Bio }, "\"0\""),
            ["GetAuthor"] = scene => scene.Librarian.GetAsync($"/api/authors/{scene.Author}"),
            ["GetBooksOfAuthor"] = scene => scene.Reader.GetAsync($"/api/authors/{scene.Author}/books"),
            ["GetCoAuthors"] = scene => scene.Reader.GetAsync($"/api/authors/{scene.Author}/coauthors"),
            ["GetTop5Authors"] = scene => scene.Librarian.GetAsync("/api/authors/top5"),
            ["GetPhotoOfAuthor"] = scene => scene.Librarian.GetAsync($"/api/authors/{scene.Author}/photo"),
            ["RemovePhotoOfAuthor"] = scene => scene.Librarian.DeleteAsync($"/api/authors/{scene.AuthorWithPhoto}/photo"),

            ["CreateBook"] = scene => scene.Librarian.PutAsync(
                $"{Books}/{Any.Isbn13}", Body.Form(("title", Any.Title), ("genre", scene.Genre), ("authors[]", scene.Author))),
            ["CompleteBook"] = scene => scene.Librarian.PostAsync(
                $"{Books}/complete",
                new { isbn = Any.Isbn13, title = Any.Title, genre = Any.GenreName, authors = new[] { new { name = Any.PersonName, bio = Any.Bio } } }),
            ["ChangeBook"] = scene => scene.Librarian.PatchAsync($"{Books}/{scene.IsbnToChange}", new { title = Any.Title }, "\"0\""),
            ["GetBook"] = scene => scene.Librarian.GetAsync($"{Books}/{scene.Isbn}"),
            ["FindBooks"] = scene => scene.Librarian.GetAsync($"{Books}?title={Uri.EscapeDataString(scene.Title)}"),
            ["FindBooksByText"] = scene => scene.Librarian.GetAsync($"{Books}/full-text?q={Uri.EscapeDataString(scene.Title)}"),
            ["SearchBooks"] = scene => scene.Librarian.PostAsync($"{Books}/search", new { query = new { title = scene.Title } }),
            ["GetTop5Books"] = scene => scene.Librarian.GetAsync($"{Books}/top5"),
            ["GetSuggestions"] = scene => scene.Reader.GetAsync($"{Books}/suggestions"),
            ["GetAverageLendingDurationOfBook"] = scene => scene.Librarian.GetAsync($"{Books}/{scene.Isbn}/avgDuration"),
            ["GetPhotoOfBook"] = scene => scene.Librarian.GetAsync($"{Books}/{scene.Isbn}/photo"),
            ["RemovePhotoOfBook"] = scene => scene.Librarian.DeleteAsync($"{Books}/{scene.IsbnWithPhoto}/photo"),

            ["ListCopies"] = scene => scene.Librarian.GetAsync($"{Books}/{scene.IsbnToChange}/copies"),
            ["AddCopy"] = scene => scene.Librarian.PostAsync($"{Books}/{scene.IsbnToChange}/copies", new { barcode = Any.Barcode }),
            ["GetCopy"] = scene => scene.Librarian.GetAsync($"/api/copies/{scene.Copy}"),
            ["ChangeCopy"] = scene => scene.Librarian.PatchAsync($"/api/copies/{scene.CopyToChange}", new { branch = "Norte" }, "\"0\""),
            ["WithdrawCopy"] = scene => scene.Librarian.DeleteAsync($"/api/copies/{scene.CopyToWithdraw}"),

            ["ListGenres"] = scene => scene.Librarian.GetAsync("/api/genres"),
            ["CreateGenre"] = scene => scene.Librarian.PostAsync("/api/genres", new { name = Any.GenreName }),
            ["RespellGenre"] = scene => scene.Librarian.PatchAsync(
                $"/api/genres/{Uri.EscapeDataString(scene.OwnGenre)}", new { name = scene.OwnGenre.ToUpperInvariant() }, "\"0\""),
            ["RetireGenre"] = scene => scene.Librarian.DeleteAsync($"/api/genres/{Uri.EscapeDataString(scene.RetiredGenre)}"),
            ["GetTop5Genres"] = scene => scene.Librarian.GetAsync("/api/genres/top5"),
            ["GetAverageLendingsPerGenre"] = scene => scene.Librarian.PostAsync(
                "/api/genres/avgLendingsPerGenre", new { query = new { year = Today.Year, month = Today.Month } }),
            ["GetLendingsPerMonth"] = scene => scene.Librarian.GetAsync("/api/genres/lendingsPerMonthLastTwelveMonths"),
            ["GetAverageDurationPerMonth"] = scene => scene.Librarian.GetAsync($"/api/genres/lendingsAverageDurationPerMonth?{Days}"),

            ["LendBook"] = scene => scene.Librarian.PostAsync(
                "/api/lendings", new { isbn = scene.Isbn, readerNumber = scene.ReaderNumber }),
            ["GetLending"] = scene => scene.Librarian.GetAsync($"/api/lendings/{scene.Lending}"),
            ["ReturnBook"] = scene => scene.Reader.PatchAsync(
                $"/api/lendings/{scene.LendingToReturn}", new { commentary = "Lido." }, "\"0\""),
            ["ReturnAtDesk"] = scene => scene.Librarian.PostAsync("/api/returns", new { lendingNumber = scene.LendingToReturnAtDesk }),
            ["GetOperation"] = scene => scene.Librarian.GetAsync($"/api/operations/{scene.Deferred}"),
            ["DecideReturnReview"] = scene => scene.Librarian.PostAsync(
                $"/api/returns/review/{scene.Deferred}", new { decision = "dismiss" }),
            ["ListReturnReviews"] = scene => scene.Librarian.GetAsync("/api/returns/review"),
            ["GetOverdueLendings"] = scene => scene.Librarian.SendAsync(
                HttpMethod.Get, "/api/lendings/overdue", Body.Json(new { number = 1, limit = 2 })),
            ["GetAverageLendingDuration"] = scene => scene.Librarian.GetAsync("/api/lendings/avgDuration"),
            ["SearchLendings"] = scene => scene.Librarian.PostAsync(
                "/api/lendings/search", new { query = new { readerNumber = scene.ReaderNumber } }),

            ["RegisterReader"] = scene => scene.Anyone.PostAsync("/api/readers", Body.Form(Any.Reader())),
            ["ChangeReader"] = scene => scene.Reader.PatchAsync("/api/readers", Body.Form(("fullName", Any.PersonName)), scene.ReaderETag),
            ["GetReaders"] = scene => scene.Reader.GetAsync("/api/readers"),
            ["GetReader"] = scene => scene.Librarian.GetAsync(scene.ReaderPath),
            ["SearchReaders"] = scene => scene.Librarian.PostAsync("/api/readers/search", new { query = new { email = scene.ReaderUsername } }),
            ["GetLendingsOfReader"] = scene => scene.Reader.GetAsync($"{scene.ReaderPath}/lendings?isbn={scene.Isbn}"),
            ["GetTop5Readers"] = scene => scene.Librarian.GetAsync("/api/readers/top5"),
            ["GetTop5ReadersByGenre"] = scene => scene.Librarian.GetAsync(
                $"/api/readers/top5ByGenre?genre={Uri.EscapeDataString(scene.Genre)}&{Days}"),
            ["GetMonthlyLendings"] = scene => scene.Librarian.GetAsync($"{scene.ReaderPath}/lendings/monthly?{Days}"),
            ["GetPhotoOfReader"] = scene => scene.Librarian.GetAsync($"{scene.ReaderPath}/photo"),
            ["GetOwnPhoto"] = scene => scene.Reader.GetAsync("/api/readers/photo"),
            ["RemoveOwnPhoto"] = scene => scene.Reader.DeleteAsync("/api/readers/photo"),

            ["StartImport"] = scene => scene.Librarian.PostAsync("/api/imports", Body.Raw(Scene.Catalogue(1), "text/csv")),
            ["ListImports"] = scene => scene.Librarian.GetAsync("/api/imports"),
            ["GetImport"] = scene => scene.Librarian.GetAsync($"/api/imports/{scene.Import}"),
            ["ListImportFailures"] = scene => scene.Librarian.GetAsync($"/api/imports/{scene.Import}/failures"),
            ["CancelImport"] = scene => scene.Librarian.DeleteAsync($"/api/imports/{scene.Imports[0]}"),
            ["PauseImport"] = scene => scene.Librarian.SendAsync(HttpMethod.Post, $"/api/imports/{scene.Imports[1]}/pause"),
            ["ResumeImport"] = scene => scene.Librarian.SendAsync(HttpMethod.Post, $"/api/imports/{scene.Imports[2]}/resume"),
            ["ExportBooks"] = scene => scene.Librarian.GetAsync("/api/exports/books?format=csv"),
            ["FollowChanges"] = scene => scene.Librarian.HeadAsync("/api/changes"),

            ["SignIn"] = scene => scene.Anyone.PostAsync(
                "/api/public/login", new { username = scene.ReaderUsername, password = Any.Password }),
            ["Register"] = scene => scene.Anyone.PostAsync(
                "/api/public/register", new { username = Any.Email, password = Any.Password, name = Any.PersonName, role = "READER" }),
            ["CreateUser"] = scene => scene.Admin.PostAsync(
                "/api/admin/users", new { username = Any.Email, password = Any.Password, name = Any.PersonName, role = "LIBRARIAN" }),
            ["ChangeUser"] = scene => scene.Admin.PutAsync($"/api/admin/users/{scene.UserToChange}", new { fullName = Any.PersonName }),
            ["GetUser"] = scene => scene.Admin.GetAsync($"/api/admin/users/{scene.User}"),
            ["DisableUser"] = scene => scene.Admin.DeleteAsync($"/api/admin/users/{scene.UserToDisable}"),
            ["SearchUsers"] = scene => scene.Admin.PostAsync("/api/admin/users/search", new { query = new { username = scene.ReaderUsername } }),
            ["GetForbiddenWords"] = scene => scene.Admin.GetAsync("/api/admin/forbidden-words"),
            ["SetForbiddenWords"] = scene => scene.Admin.PutAsync("/api/admin/forbidden-words", new { words = (string[])["proibido"] }),
            ["GetMaintenance"] = scene => scene.Admin.GetAsync("/api/admin/maintenance"),
            ["SetMaintenance"] = scene => scene.Admin.PutAsync("/api/admin/maintenance", new { mode = "off" }),
            ["GetKeys"] = scene => scene.Admin.GetAsync("/api/admin/keys"),
            ["Bootstrap"] = scene => scene.Anyone.PostAsync("/api/public/bootstrap", new { secret = "wrong" }),
            ["RevokeKey"] = scene => scene.Admin.DeleteAsync($"/api/admin/keys/{scene.Key}"),
            ["RotateKeys"] = scene => scene.Admin.PostAsync("/api/admin/keys/rotations", new { }),
            ["GetBreakers"] = scene => scene.Admin.GetAsync("/api/admin/breakers"),
            ["SetBreaker"] = scene => scene.Admin.PutAsync("/api/admin/breakers/genres/write", new { state = "closed" }),

            ["GetStatus"] = scene => scene.Anyone.GetAsync("/status.json"),
            ["GetStatusPage"] = scene => scene.Anyone.GetAsync("/status"),
            ["GetLiveness"] = scene => scene.Anyone.GetAsync("/health/live"),
            ["GetReadiness"] = scene => scene.Anyone.GetAsync("/health/ready"),
            ["GetStartup"] = scene => scene.Anyone.GetAsync("/health/startup"),
            ["GetKeySet"] = scene => scene.Anyone.GetAsync("/.well-known/jwks.json"),
        };

    /// <summary>What is refused on a good day, since nothing was made for it: the refusal is as good as any answer.</summary>
    public static IReadOnlyDictionary<string, int> Refused { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Bootstrap"] = 409,
    };

    /// <summary>The operations of the OpenAPI document and what they are tagged with.</summary>
    public static IReadOnlyDictionary<string, string> Tags { get; } = ReadTags();

    private static DateTimeOffset Today => TimeProvider.System.GetUtcNow();

    private static string Days => Body.Days(
        DateOnly.FromDateTime(Today.UtcDateTime.AddDays(-1)), DateOnly.FromDateTime(Today.UtcDateTime.AddDays(1)));

    /// <summary>
    /// The silo of the pools in <see cref="DegradedModeTests"/> that has the service which the operation is tagged with; null when
    /// that is none. Imports and exports are of books.
    /// </summary>
    public static string? PoolOf(string operation)
    {
        var service = Tags[operation] is "Imports" or "Exports" ? "Books" : Tags[operation];
        return DegradedModeTests.Pools.FirstOrDefault(pool => pool.Value.Contains(service, StringComparer.OrdinalIgnoreCase)).Key;
    }

    private static Dictionary<string, string> ReadTags()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "openapi.json")));
        return document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .ToDictionary(
                operation => operation.Value.Text("operationId")!,
                operation => operation.Value.GetProperty("tags")[0].GetString()!,
                StringComparer.Ordinal);
    }
}
