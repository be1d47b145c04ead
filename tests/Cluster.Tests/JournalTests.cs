using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lms.Chaos.Cluster;

namespace Lms.Cluster.Tests;

/// <summary>A book that comes back while no silo lives, at a gateway that then dies too.</summary>
public sealed class JournalTests
{
    private const string Key = "a-book-came-back";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_return_that_was_accepted_survives_its_gateway_and_is_recorded_once()
    {
        var folder = Clusters.NewFolder();
        await using (var cluster = await Clusters.StartAsync(new() { Directory = folder, Silos = 2, Gateways = 1, Demo = true }))
        {
            var gateway = cluster.Gateways[0];
            using var http = new HttpClient { BaseAddress = new(gateway.Url), Timeout = TimeSpan.FromSeconds(20) };
            http.DefaultRequestHeaders.Authorization = new(
                "Bearer", await SignIn.TokenAsync(http, DemoLibrary.Librarian, DemoLibrary.LibrarianPassword, Cancellation));
            var (isbn, reader) = await PrepareAsync(http);
            var lending = Text(await SendAsync(http, HttpStatusCode.Created, "/api/lendings", new { isbn, readerNumber = reader }), "lendingNumber");

            await Task.WhenAll(cluster.Silos.Select(silo => silo.KillAsync()));
            using var accepted = await ReturnAsync(http);
            await gateway.KillAsync();
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);

            await Task.WhenAll(cluster.Silos.Select(silo => silo.LaunchAsync(Cancellation)));
            await gateway.LaunchAsync(Cancellation);
            await cluster.BecomesReadyAsync(Cancellation);
            var operation = accepted.Headers.Location!;
            await Poll.UntilAsync(
                async () => await StateAsync(http, operation) is "applied", "the return is recorded", s_patience);

            using var again = await ReturnAsync(http);
            using var returned = await http.GetAsync(new Uri($"/api/lendings/{lending}", UriKind.Relative), Cancellation);
            Assert.Equal((HttpStatusCode.Accepted, operation), (again.StatusCode, again.Headers.Location));
            Assert.Equal("\"1\"", returned.Headers.ETag!.Tag);
            Assert.Equal("available", Text(await http.GetFromJsonAsync<JsonElement>("/api/copies/JOURNAL-1", Cancellation), "status"));
            await SendAsync(http, HttpStatusCode.Created, "/api/lendings", new { isbn, readerNumber = reader });
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A book with one copy, and a reader.</summary>
    private static async Task<(string Isbn, string Reader)> PrepareAsync(HttpClient http)
    {
        const string Isbn = "9780306406157";
        await SendAsync(http, HttpStatusCode.Created, "/api/books/complete", new
        {
            isbn = Isbn,
            title = "Livro do Desassossego",
            genre = "Romance",
            authors = new[] { new { name = "Bernardo Soares", bio = "Ajudante de guarda-livros." } },
        });
        await SendAsync(http, HttpStatusCode.Created, $"/api/books/{Isbn}/copies", new { barcode = "JOURNAL-1" });
        var reader = await SendAsync(http, HttpStatusCode.Created, "/api/readers", new
        {
            username = "journal@example.org",
            password = "Aa1-secret",
            fullName = "Ana Bela",
            birthDate = "1990-05-17",
            phoneNumber = "912345678",
            gdpr = true,
        });
        return (Isbn, Text(reader, "readerNumber"));
    }

    private static async Task<HttpResponseMessage> ReturnAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/returns")
        {
            Content = JsonContent.Create(new { barcode = "JOURNAL-1" }),
            Headers = { { "Idempotency-Key", Key } },
        };
        return await http.SendAsync(request, Cancellation);
    }

    private static async Task<string?> StateAsync(HttpClient http, Uri operation)
    {
        using var answer = await http.GetAsync(operation, Cancellation);
        return answer.IsSuccessStatusCode
            ? Text(await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation), "state")
            : null;
    }

    private static async Task<JsonElement> SendAsync(HttpClient http, HttpStatusCode expected, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == expected, $"{path}: {answer.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
