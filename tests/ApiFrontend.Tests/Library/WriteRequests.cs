using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Tests.Library;

/// <summary>A request that would be carried out, were it not for its key.</summary>
internal sealed record WriteRequest(string Role, string Path, Func<HttpContent?> Body);

/// <summary>One well-formed request for every operation that changes something.</summary>
internal static class WriteRequests
{
    public static IReadOnlyDictionary<string, WriteRequest> All { get; } = new Dictionary<string, WriteRequest>
    {
        ["POST /api/public/register"] = Anyone("/api/public/register", User),
        ["POST /api/public/bootstrap"] = Anyone("/api/public/bootstrap", () => Body.Json(new { secret = "wrong" })),
        ["POST /api/readers"] = Anyone("/api/readers", () => Collection.Registration(Any.Email)),
        ["POST /api/admin/users"] = Admin("/api/admin/users", User),
        ["PUT /api/admin/users/{}"] = Admin("/api/admin/users/1", () => Body.Json(new { name = "Ana" })),
        ["DELETE /api/admin/users/{}"] = Admin("/api/admin/users/1"),
        ["PUT /api/admin/forbidden-words"] =
            Admin("/api/admin/forbidden-words", () => Body.Json(new { words = Array.Empty<string>() })),
        ["PUT /api/admin/maintenance"] = Admin("/api/admin/maintenance", () => Body.Json(new { mode = "off" })),
        ["POST /api/admin/keys/rotations"] = Admin("/api/admin/keys/rotations"),
        ["DELETE /api/admin/keys/{}"] = Admin("/api/admin/keys/nobody"),
        ["POST /api/authors"] = Librarian("/api/authors", () => Body.Form(("name", "Ana"), ("bio", "Poeta."))),
        ["PATCH /api/authors/{}"] = Librarian("/api/authors/1", () => Body.Form(("bio", "Poeta."))),
        ["DELETE /api/authors/{}/photo"] = Librarian("/api/authors/1/photo"),
        ["PUT /api/books/{}"] = Librarian($"/api/books/{Any.Isbn}", () => Body.Form(("title", "Os Maias"))),
        ["PATCH /api/books/{}"] = Librarian($"/api/books/{Any.Isbn}", () => Body.Form(("title", "Os Maias"))),
        ["DELETE /api/books/{}/photo"] = Librarian($"/api/books/{Any.Isbn}/photo"),
        ["POST /api/books/complete"] = Librarian("/api/books/complete", () => Body.Json(new { isbn = Any.Isbn })),
        ["POST /api/books/{}/copies"] =
            Librarian($"/api/books/{Any.Isbn}/copies", () => Body.Json(new { barcode = Any.Barcode })),
        ["PATCH /api/copies/{}"] = Librarian($"/api/copies/{Any.Barcode}", () => Body.Json(new { branch = "Sede" })),
        ["DELETE /api/copies/{}"] = Librarian($"/api/copies/{Any.Barcode}"),
        ["POST /api/genres"] = Librarian("/api/genres", () => Body.Json(new { name = Any.Genre })),
        ["PATCH /api/genres/{}"] = Librarian("/api/genres/Prosa", () => Body.Json(new { name = "PROSA" })),
        ["DELETE /api/genres/{}"] = Librarian("/api/genres/Prosa"),
        ["POST /api/imports"] = Librarian("/api/imports", () => Body.Raw("title\nOs Maias\n", "text/csv")),
        ["DELETE /api/imports/{}"] = Librarian($"/api/imports/{Guid.NewGuid():N}"),
        ["POST /api/imports/{}/pause"] = Librarian($"/api/imports/{Guid.NewGuid():N}/pause"),
        ["POST /api/imports/{}/resume"] = Librarian($"/api/imports/{Guid.NewGuid():N}/resume"),
        ["POST /api/lendings"] = Librarian("/api/lendings", () => Body.Json(new { isbn = Any.Isbn, readerNumber = "1990/1" })),
        ["POST /api/returns"] = Librarian("/api/returns", () => Body.Json(new { lendingNumber = "1990/1" })),
        ["POST /api/returns/review/{}"] = Librarian(
            $"/api/returns/review/0a0a0a0a-{Guid.NewGuid():N}", () => Body.Json(new { decision = "dismiss" })),
        ["PATCH /api/readers"] = Reader("/api/readers", () => Body.Form(("fullName", "Ana"))),
        ["DELETE /api/readers/photo"] = Reader("/api/readers/photo"),
        ["PATCH /api/lendings/{}/{}"] = Reader("/api/lendings/{own}", () => Body.Json(new { })),
    };

    private static HttpContent User() => Body.Json(
        new { username = Any.Email, password = TestLibrary.Password, name = "Ana", role = Roles.Reader });

    private static WriteRequest Anyone(string path, Func<HttpContent?> body) => new("", path, body);

    private static WriteRequest Admin(string path, Func<HttpContent?>? body = null) => new(Roles.Admin, path, body ?? Nothing);

    private static WriteRequest Librarian(string path, Func<HttpContent?>? body = null) =>
        new(Roles.Librarian, path, body ?? Nothing);

    private static WriteRequest Reader(string path, Func<HttpContent?>? body = null) => new(Roles.Reader, path, body ?? Nothing);

    private static HttpContent? Nothing() => null;
}
