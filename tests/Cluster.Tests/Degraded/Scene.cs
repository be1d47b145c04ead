using System.Globalization;
using Lms.Tests.Shared;

namespace Lms.Cluster.Tests.Degraded;

/// <summary>
/// What every operation needs to succeed, made while all is well, and read once so that whoever remembers things has seen them.
/// Each write has something of its own to change.
/// </summary>
internal sealed class Scene
{
    private Scene(Api anyone, Api admin, Api librarian) => (Anyone, Admin, Librarian) = (anyone, admin, librarian);

    public Api Anyone { get; }

    public Api Admin { get; }

    public Api Librarian { get; }

    public Api Reader { get; private set; } = null!;

    public string ReaderPath { get; private set; } = "";

    public string ReaderNumber { get; private set; } = "";

    public string ReaderUsername { get; private set; } = "";

    public string ReaderETag { get; private set; } = "";

    public string Genre { get; } = Any.GenreName;

    public string OwnGenre { get; } = Any.GenreName;

    public string RetiredGenre { get; } = Any.GenreName;

    public string Author { get; private set; } = "";

    public string AuthorToChange { get; private set; } = "";

    public string AuthorWithPhoto { get; private set; } = "";

    public string Isbn { get; } = Any.Isbn13;

    public string IsbnToChange { get; } = Any.Isbn13;

    public string IsbnWithPhoto { get; } = Any.Isbn13;

    public string Title { get; } = Any.Title;

    public string Copy { get; } = Any.Barcode;

    public string CopyToChange { get; } = Any.Barcode;

    public string CopyToWithdraw { get; } = Any.Barcode;

    public string Lending { get; private set; } = "";

    public string LendingToReturn { get; private set; } = "";

    public string LendingToReturnAtDesk { get; private set; } = "";

    /// <summary>A return that was accepted for later and then refused: it waits for a librarian.</summary>
    public string Deferred { get; private set; } = "";

    public string Import { get; private set; } = "";

    /// <summary>One that is announced and signs nothing yet.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Three that are paused.</summary>
    public string[] Imports { get; private set; } = [];

    public string User { get; private set; } = "";

    public string UserToChange { get; private set; } = "";

    public string UserToDisable { get; private set; } = "";

    /// <summary>The catalogue that an import takes long for.</summary>
    public static string Catalogue(int books) => "title,authors,isbn\n" + string.Concat(
        Enumerable.Range(0, books).Select(_ => $"{Any.Title},{Any.PersonName},{Any.Isbn13}\n"));

    public static async Task<Scene> PrepareAsync(HttpClient http, Uri gateway, string adminUsername, string adminPassword)
    {
        var anyone = new Api(http, [gateway]);
        var admin = await SignInAsync(anyone, adminUsername, adminPassword);
        var username = Any.Email;
        Expect.Status(200, await admin.PostAsync(
            "/api/admin/users", new { username, password = Any.Password, name = Any.PersonName, role = "LIBRARIAN" }));
        var scene = new Scene(anyone, admin, await SignInAsync(anyone, username, Any.Password));
        await scene.FillAsync();
        return scene;
    }

    private static async Task<Api> SignInAsync(Api anyone, string username, string password) => anyone.With(
        Expect.Status(200, await anyone.PostAsync("/api/public/login", new { username, password })).Header("Authorization"));

    private async Task FillAsync()
    {
        foreach (var name in (string[])[Genre, OwnGenre, RetiredGenre])
        {
            Expect.Status(201, await Librarian.PostAsync("/api/genres", new { name }));
        }

        (Author, AuthorToChange, AuthorWithPhoto) = (await AuthorAsync(), await AuthorAsync(), await AuthorAsync());
        foreach (var isbn in (string[])[Isbn, IsbnToChange, IsbnWithPhoto])
        {
            Expect.Status(201, await Librarian.PutAsync($"/api/books/{isbn}", Body.Form(
                Photo.Png(), ("title", Title), ("genre", Genre), ("authors[]", Author), ("description", "Um livro."))));
        }

        await FillDeskAsync();
        await FillOfficeAsync();
    }

    private async Task<string> AuthorAsync() =>
        Expect.Status(201, await Librarian.PostAsync(
            "/api/authors", Body.Form(Photo.Png(), ("name", Any.PersonName), ("bio", Any.Bio))))
            .Json.GetProperty("authorNumber").GetInt64().ToString(CultureInfo.InvariantCulture);

    private async Task FillDeskAsync()
    {
        ReaderUsername = Any.Email;
        var fields = Any.Reader(("username", ReaderUsername), ("password", Any.Password), ("interestList[]", Genre));
        var registered = Expect.Status(201, await Anyone.PostAsync("/api/readers", Body.Form(Photo.Png(), fields)));
        (ReaderNumber, ReaderETag) = (registered.Json.Text("readerNumber")!, registered.ETag);
        ReaderPath = $"/api/readers/{ReaderNumber}";
        Reader = await SignInAsync(Anyone, ReaderUsername, Any.Password);

        // The first is returned, so that there is something to report.
        Lending = await LendAsync(ReaderNumber);
        Expect.Status(200, await Reader.PatchAsync($"/api/lendings/{Lending}", new { commentary = "Lido." }, "\"0\""));
        LendingToReturn = await LendAsync(ReaderNumber);
        LendingToReturnAtDesk = await LendAsync(ReaderNumber);

        // Copies only now: books that have some can be lent while one is free.
        foreach (var barcode in (string[])[Copy, CopyToChange, CopyToWithdraw])
        {
            Expect.Status(201, await Librarian.PostAsync($"/api/books/{IsbnToChange}/copies", new { barcode }));
        }

        Deferred = await DeferredAsync();
    }

    private async Task<string> LendAsync(string reader) => Expect.Status(
        201, await Librarian.PostAsync("/api/lendings", new { isbn = Isbn, readerNumber = reader })).Json.Text("lendingNumber")!;

    /// <summary>Of a lending that there has never been, which nobody knows as long as the gateway may not ask.</summary>
    private async Task<string> DeferredAsync()
    {
        const string Breaker = "/api/admin/breakers/lendings/read";
        Expect.Status(200, await Admin.PutAsync(Breaker, new { state = "isolated" }));
        var accepted = await Librarian.PostAsync("/api/returns", new { lendingNumber = "1970/1" });
        Expect.Status(200, await Admin.PutAsync(Breaker, new { state = "closed" }));
        var id = Expect.Status(202, accepted).Json.Text("id")!;

        var decided = await Eventually.HoldsAsync(
            () => Librarian.GetAsync($"/api/operations/{id}"), answer => answer.Json.Text("state") != "pending");
        Assert.Equal("review", decided.Json.Text("state"));
        return id;
    }

    private async Task FillOfficeAsync()
    {
        var ids = new List<string>();
        for (var user = 0; user < 3; user++)
        {
            ids.Add(Expect.Status(200, await Admin.PostAsync(
                "/api/admin/users",
                new { username = Any.Email, password = Any.Password, name = Any.PersonName, role = "LIBRARIAN" })).Json.Text("id")!);
        }

        (User, UserToChange, UserToDisable) = (ids[0], ids[1], ids[2]);
        Key = Expect.Status(200, await Admin.PostAsync("/api/admin/keys/rotations", new { })).Json.Text("kid")!;
        Import = await ImportAsync(1);
        Imports = [await PausedImportAsync(), await PausedImportAsync(), await PausedImportAsync()];
    }

    private async Task<string> PausedImportAsync()
    {
        var import = await ImportAsync(3_000);
        Expect.Status(200, await Librarian.SendAsync(HttpMethod.Post, $"/api/imports/{import}/pause"));
        return import;
    }

    private async Task<string> ImportAsync(int books) => Expect.Status(
        202, await Librarian.PostAsync("/api/imports", Body.Raw(Catalogue(books), "text/csv"))).Json.Text("id")!;
}
