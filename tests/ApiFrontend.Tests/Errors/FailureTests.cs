using System.Globalization;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions;
using Lms.Grains.Lendings;
using Lms.ReadModel.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lms.ApiFrontend.Tests.Errors;

public sealed class FailureTests(LibraryFixture fixture) : GatewayTest, IDisposable
{
    private TestLibrary Library => fixture.Library;

    private Client Librarian => fixture.Impatient.Anyone.With(Library.Librarian.Token);

    public void Dispose()
    {
        Library.Storage.IsDown = false;
        Library.Stored.Calm();
    }

    [Fact]
    public async Task Without_storage_existing_clients_are_told_to_repeat_in_the_words_they_know()
    {
        var (isbn, _) = await Library.AddBookAsync();
        var reader = await Library.AddReaderAsync();
        Library.Storage.IsDown = true;

        Answer[] answers =
        [
            await Librarian.PostAsync("/api/authors", new { name = "Ana", bio = "Poeta." }),
            await Librarian.PutAsync($"/api/books/{Any.Isbn}", new { title = "Os Maias", genre = "Prosa", authors = 1 }),
            await Librarian.PostAsync("/api/lendings", new { isbn, readerNumber = reader.Number }),
            await Librarian.PostAsync("/api/lendings", new { isbn, readerNumber = reader.Number }, ("Idempotency-Key", Any.Key)),
            await Librarian.GetAsync($"/api/books/{Any.Isbn}"),
            await Librarian.GetAsync($"/api/lendings/1990/{1000 + Any.Number}"),
            await fixture.Impatient.Anyone.PostAsync("/api/readers", Collection.Registration(Any.Email)),
        ];

        Assert.All(answers, answer => Expect.Error(503, "Service unavailable", answer));
        Assert.All(answers, AssertTellsWhen);
    }

    [Fact]
    public async Task Without_storage_new_operations_answer_problems()
    {
        var (isbn, barcodes) = await Library.AddBookAsync(copies: 1);
        Library.Storage.IsDown = true;

        Answer[] answers =
        [
            await Librarian.PostAsync("/api/genres", new { name = Any.Genre }),
            await Librarian.PostAsync($"/api/books/{isbn}/copies", new { barcode = Any.Barcode }),
            await Librarian.PostAsync("/api/returns", new { lendingNumber = $"1990/{1000 + Any.Number}" }),
            await Librarian.DeleteAsync($"/api/copies/{barcodes[0]}", ("Idempotency-Key", Any.Key)),
            await Librarian.GetAsync($"/api/copies/{Any.Barcode}"),
        ];

        Assert.All(answers, answer => Expect.Problem(503, answer, "unavailable"));
        Assert.All(answers, AssertTellsWhen);
    }

    [Fact]
    public async Task Without_storage_lists_and_what_is_in_memory_are_still_read()
    {
        var (isbn, _) = await Library.AddBookAsync();
        Library.Storage.IsDown = true;

        Expect.Status(200, await Library.Librarian.GetAsync($"/api/books/{isbn}"));
        Expect.Status(200, await Library.Librarian.GetAsync("/api/books?title=livro"));
    }

    [Fact]
    public async Task Without_a_read_model_lists_say_so_and_single_things_are_read()
    {
        var (isbn, _) = await Library.AddBookAsync();
        await using var nowhere = ReadModelDatabase.Sqlite($"Data Source={Path.Combine(Path.GetTempPath(), Any.Key, "none.db")}");
        var gateway = await Library.StartGatewayAsync(
            configure: services => services.Replace(ServiceDescriptor.Singleton(nowhere)));
        var librarian = gateway.Anyone.With(Library.Librarian.Token);

        var known = await librarian.GetAsync("/api/books?title=livro");
        var added = await librarian.GetAsync("/api/genres");

        Expect.Error(503, "Service unavailable", known);
        Expect.Problem(503, added, "unavailable");
        Assert.All([known, added], AssertTellsWhen);
        Expect.Status(200, await librarian.GetAsync($"/api/books/{isbn}"));
        Expect.Status(201, await librarian.PostAsync("/api/genres", new { name = Any.Genre }));
    }

    [Fact]
    public async Task What_nobody_has_thought_of_is_logged_and_tells_clients_nothing()
    {
        var gateway = await Library.StartGatewayAsync(map: app =>
        {
            app.MapGroup("/known").OfContract().MapGet("", Fail).AllowAnonymous();
            app.MapGet("/new", Fail).AllowAnonymous();
            app.MapGet("/grain", () => Throw(new GrainFault(FaultKind.Unexpected, "secret"))).AllowAnonymous();
        });

        var known = await gateway.Anyone.GetAsync("/known");
        var added = await gateway.Anyone.GetAsync("/new");
        var grain = await gateway.Anyone.GetAsync("/grain");

        Expect.Empty(500, known);
        Expect.Problem(500, added, "unexpected");
        Expect.Problem(500, grain, "unexpected");
        Assert.All([known, added, grain], answer => Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal));
        Assert.Equal(3, gateway.Log.Errors.Count(record => record.Exception is not null));

        static string Fail() => Throw(new InvalidOperationException("secret"));
        static string Throw(Exception exception) => throw exception;
    }

    [Fact]
    public async Task A_client_that_gives_up_is_no_error()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gateway = await Library.StartGatewayAsync(map: app => app.MapGet("/wait", async (HttpContext http) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        }).AllowAnonymous());
        using var http = new HttpClient();
        using var patience = new CancellationTokenSource();

        var request = http.GetAsync(new Uri(gateway.Address, "/wait"), patience.Token);
        await entered.Task;
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await gateway.App.StopAsync(Token); // waits for requests
        Assert.Empty(gateway.Log.Errors);
    }

    [Fact]
    public async Task A_client_that_gives_up_on_a_lending_finds_it_when_it_comes_back()
    {
        var (isbn, _) = await Library.AddBookAsync();
        var reader = await Library.AddReaderAsync();
        var held = Library.Stored.HoldReply(LendingState.Name);
        using var http = new HttpClient();
        using var patience = new CancellationTokenSource();
        var key = Any.Key;

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Library.Addresses[0], "/api/lendings"))
        {
            Content = Body.Json(new { isbn, readerNumber = reader.Number }),
            Headers = { { "Authorization", $"Bearer {Library.Librarian.Token}" }, { "Idempotency-Key", key } },
        };
        var first = http.SendAsync(request, patience.Token);
        await held.Struck;
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        held.Release();

        var again = await Patience.UntilAnsweredAsync(() => Library.At(1, Library.Librarian)
            .PostAsync("/api/lendings", new { isbn, readerNumber = reader.Number }, ("Idempotency-Key", key)));

        Expect.Status(201, again);
        Assert.Empty(await Lendings.LendingChecks.ViolationsAsync(
            Library, reader.Number, [again.Json.Text("lendingNumber")!]));
    }

    private static void AssertTellsWhen(Answer answer) =>
        Assert.InRange(int.Parse(answer.Header("Retry-After") ?? "0", CultureInfo.InvariantCulture), 1, 60);
}
