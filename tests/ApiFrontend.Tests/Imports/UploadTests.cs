using System.Net.Sockets;
using System.Text;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Imports;
using Lms.Grains.Tests;
using Eventually = Lms.Tests.Shared.Eventually;

namespace Lms.ApiFrontend.Tests.Imports;

/// <summary>Files on their way in: one key is one import, and nothing stays that no import reads.</summary>
public sealed class UploadTests(LibraryFixture fixture) : GatewayTest, IDisposable
{
    private const string Imports = "/api/imports";

    private TestLibrary Library => fixture.Library;

    public void Dispose() => Library.Stored.Calm();

    [Fact]
    public async Task The_same_key_with_the_same_file_is_the_same_import_at_any_gateway()
    {
        var (key, csv, file) = (Key, Csv(1), Name);

        var first = await Library.Librarian.PostAsync(Path(file), Body.Raw(csv, "text/csv"), key);
        var second = await Library.At(1, Library.Librarian).PostAsync(Path(file), Body.Raw(csv, "text/csv"), key);

        Assert.Equal(IdOf(first), IdOf(second));
        var done = await OverAsync(IdOf(first));
        Assert.Equal((1, 1), (done.Read, done.Created));
        await AssertNoUploadsAsync(IdOf(first));
        Assert.Single(ImportsOf(file));
    }

    [Fact]
    public async Task Many_requests_with_one_key_at_once_are_one_import()
    {
        var (key, csv, file) = (Key, Csv(2), Name);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(index => Patience.UntilAnsweredAsync(
            () => Library.At(index, Library.Librarian).PostAsync(Path(file), Body.Raw(csv, "text/csv"), key))));

        var id = Assert.Single(answers.Select(IdOf).Distinct());
        Assert.Equal(2, (await OverAsync(id)).Created);
        await AssertNoUploadsAsync(id);
        Assert.Single(ImportsOf(file));
    }

    [Fact]
    public async Task The_same_key_with_another_file_is_refused_and_leaves_nothing()
    {
        var (key, file) = (Key, Name);
        var first = IdOf(await Library.Librarian.PostAsync(Path(file), Body.Raw(Csv(1), "text/csv"), key));
        await OverAsync(first);

        var other = await Library.Librarian.PostAsync(Path(file), Body.Raw(Csv(1), "text/csv"), key);

        Expect.Problem(422, other, "idempotency-key-reused");
        Assert.Single(ImportsOf(file));
        await AssertNoUploadsAsync(first);
    }

    [Fact]
    public async Task The_same_file_without_a_key_is_another_import()
    {
        var csv = Csv(1);

        var first = IdOf(await Library.Librarian.PostAsync(Imports, Body.Raw(csv, "text/csv")));
        await OverAsync(first);
        var second = IdOf(await Library.Librarian.PostAsync(Imports, Body.Raw(csv, "text/csv")));

        Assert.NotEqual(first, second);
        Assert.Equal(1, (await OverAsync(second)).Unchanged);
    }

    [Theory]
    [InlineData("%PDF-1.7", 415)]
    [InlineData("author\nEça\n", 400)]
    public async Task A_refused_file_leaves_nothing(string content, int status)
    {
        var before = Uploads().ToHashSet(StringComparer.Ordinal);

        Expect.Problem(status, await Library.Librarian.PostAsync(Imports, Body.Raw(content, "text/csv")));

        Assert.Subset(before, Uploads().ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_form_that_ends_too_early_is_the_fault_of_who_sends_it_and_leaves_nothing()
    {
        var before = Uploads().ToHashSet(StringComparer.Ordinal);
        var form = new ByteArrayContent(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\ntitle\nA\n"u8.ToArray());
        form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");

        Expect.Problem(400, await Library.Librarian.PostAsync(Imports, form), "request-unreadable");

        Assert.Subset(before, Uploads().ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_form_that_is_none_is_refused(string type)
    {
        var form = new ByteArrayContent("title\nA\n"u8.ToArray());
        form.Headers.TryAddWithoutValidation("Content-Type", type);

        Expect.Problem(400, await Library.Librarian.PostAsync(Imports, form));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_it_is_sent()
    {
        var token = Library.Librarian.Token;
        using var client = new TcpClient();
        await client.ConnectAsync(Library.Addresses[0].Host, Library.Addresses[0].Port, Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {Imports} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {(1L << 30) + 1}\r\n\r\n"),
            Token);
        using var reader = new StreamReader(stream);

        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_larger_than_other_requests_may_have_is_welcome()
    {
        var (file, csv) = (Name, $"title,description\n{Name},{new string('a', 3 * 1024 * 1024 / 2)}\n");

        var id = IdOf(await Library.Librarian.PostAsync(Path(file), Body.Raw(csv, "text/csv")));

        Assert.Equal(1, (await OverAsync(id)).Read);
        await AssertNoUploadsAsync(id);
    }

    [Theory]
    [InlineData("attachment; filename=\"livros.csv\"", "livros.csv")]
    [InlineData("attachment; filename=\"../../etc/passwd\"", "passwd")]
    [InlineData("attachment; filename*=UTF-8''cat%C3%A1logo.csv", "catálogo.csv")]
    public async Task A_file_has_the_name_that_its_sender_gives_it(string disposition, string name)
    {
        var content = Body.Raw(Csv(1), "text/csv");
        content.Headers.TryAddWithoutValidation("Content-Disposition", disposition);

        var answer = Expect.Status(202, await Library.Librarian.PostAsync(Imports, content));

        Assert.Equal(name, answer.Json.Text("fileName"));
    }

    [Fact]
    public async Task An_import_that_was_started_in_vain_is_started_once_by_the_repeat()
    {
        var (key, csv, file) = (Key, Csv(1), Name);
        for (var i = 0; i < 200; i++)
        {
            Library.Stored.Interrupt(Cut.ReplyIsLost, ImportState.Name);
        }

        var impatient = fixture.Impatient.Anyone.With(Library.Librarian.Token);
        Expect.Status([202, 503], await impatient.PostAsync(Path(file), Body.Raw(csv, "text/csv"), key));
        Library.Stored.Calm();
        var answer = await Patience.UntilAnsweredAsync(() => impatient.PostAsync(Path(file), Body.Raw(csv, "text/csv"), key));

        var id = IdOf(answer);
        Assert.Equal(1, (await OverAsync(id)).Created);
        Assert.Single(ImportsOf(file));
    }

    private static (string, string) Key => ("Idempotency-Key", Any.Key);

    private static string Name => $"f{Any.Number}.csv";

    private static string Path(string file) => $"{Imports}?fileName={file}";

    private static string Csv(int books) => "isbn,title,authors\n" + string.Concat(
        Enumerable.Range(0, books).Select(_ => $"{Any.Isbn},Livro,Ana Bela\n"));

    private static string IdOf(Answer answer) => Expect.Status(202, answer).Json.Text("id")!;

    private IEnumerable<string> Uploads() => Library.Stored.All<UploadChunkState>(UploadChunkState.Name)
        .Where(chunk => chunk.State is not null).Select(chunk => chunk.Key);

    private IEnumerable<Import> ImportsOf(string file) => Library.Stored.All<ImportState>(ImportState.Name)
        .Select(import => import.State.Import).OfType<Import>().Where(import => import.Source.FileName == file);

    private async Task<Import> OverAsync(string id)
    {
        var grain = Library.Grains.Import(ImportId.Of(id));
        await Eventually.HoldsAsync(
            async () =>
            {
                await grain.ResumeAsync(Token);
                return await Library.Librarian.GetAsync($"{Imports}/{id}");
            },
            answer => answer.Json.Text("state") == "done");
        var import = (await grain.GetAsync(Token)).Value!;
        Assert.Equal(ImportStatus.Done, import.Status);
        return import;
    }

    /// <summary>The file goes a moment after the import is done.</summary>
    private async Task AssertNoUploadsAsync(string id)
    {
        var upload = (await Library.Grains.Import(ImportId.Of(id)).GetAsync(Token)).Value!.Source.Upload;
        await Eventually.HoldsAsync(
            () => Library.Librarian.GetAsync($"{Imports}/{id}"), _ => !Uploads().Any(key => key.Contains(upload, StringComparison.Ordinal)));
        Assert.DoesNotContain(Uploads(), key => key.Contains(upload, StringComparison.Ordinal));
    }
}
