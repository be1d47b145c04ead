using System.Net.Sockets;
using System.Text;
using Lms.ApiFrontend.Tests.Library;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lms.ApiFrontend.Tests.Http;

public sealed class RequestLimitTests(LibraryFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    [Theory]
    [InlineData("/api/genres")]
    [InlineData("/api/authors")]
    [InlineData("/api/books/search")]
    [InlineData("/api/lendings")]
    public async Task JSON_of_more_than_64_KiB_is_refused_whether_its_length_is_told_or_not(string path)
    {
        Answer[] answers =
        [
            await Library.Librarian.PostAsync(path, Json(64 * 1024)),
            await Library.Librarian.PostAsync(path, Json((64 * 1024) + 1)),
            await Library.Librarian.PostAsync(path, new Endless(Json((64 * 1024) + 1))),
        ];

        Assert.NotEqual(413, answers[0].Status);
        Assert.InRange(answers[0].Status, 200, 499);
        Assert.All(answers[1..], answer => Expect.Problem(413, answer));
    }

    [Fact]
    public async Task A_form_of_more_than_256_KiB_is_refused()
    {
        var answer = await Library.Librarian.PostAsync(
            "/api/authors", new ByteArrayContent(new byte[300_000]) { Headers = { { "Content-Type", "application/x-www-form-urlencoded" } } });

        Expect.PlainProblem(413, answer);
    }

    [Theory]
    [InlineData("/api/genres")]
    [InlineData("/api/authors")]
    [InlineData("/api/books/search")]
    public async Task JSON_that_is_deeper_than_anything_meant_is_refused(string path)
    {
        var deep = $$"""{"name":{{new string('[', 20)}}1{{new string(']', 20)}},"bio":"x","query":{{new string('[', 20)}}1{{new string(']', 20)}}}""";

        Expect.PlainProblem(400, await Library.Librarian.PostAsync(path, Body.Raw(deep, "application/json")));
    }

    [Fact]
    public async Task An_operation_may_take_more()
    {
        var gateway = await Library.StartGatewayAsync(map: app => app
            .MapPost("/upload", async (HttpContext http) =>
            {
                await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
                return "done";
            })
            .AllowAnonymous().WithMetadata(new RequestSizeLimitAttribute(2 * 1024 * 1024)));

        var fits = await gateway.Anyone.PostAsync("/upload", Json(2 * 1024 * 1024));
        var tooMuch = await gateway.Anyone.PostAsync("/upload", Json((2 * 1024 * 1024) + 1));

        Assert.Equal("done", Expect.Status(200, fits).Text);
        Expect.Problem(413, tooMuch);
    }

    [Theory]
    [InlineData(8, 3_000, 200)]
    [InlineData(40, 1_000, 431)]
    [InlineData(70, 1, 431)]
    public async Task Headers_are_so_many_and_so_long(int count, int length, int status)
    {
        var headers = Enumerable.Range(0, count).Select(i => $"X-Header-{i}: {new string('x', length)}");

        Assert.Equal(status, await StatusOfAsync($"GET /status.json HTTP/1.1\r\nHost: lms\r\n{string.Join("\r\n", headers)}\r\n\r\n"));
    }

    [Theory]
    [InlineData("GET /{long} HTTP/1.1\r\nHost: lms\r\n\r\n", 414)]
    [InlineData("GET /status.json HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /status.json HTTP/1.1\r\nHost: lms\r\nHost: other\r\n\r\n", 400)]
    [InlineData("POST /api/public/login HTTP/1.1\r\nHost: lms\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400)]
    [InlineData("POST /api/public/login HTTP/1.1\r\nHost: lms\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST /api/public/login HTTP/1.1\r\nHost: lms\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("GET /status.json HTTP/1.1\r\nHost: lms\r\nX-Bad : space\r\n\r\n", 400)]
    [InlineData("nonsense\r\n\r\n", 400)]
    public async Task What_two_servers_could_read_differently_is_refused(string request, int status) =>
        Assert.Equal(status, await StatusOfAsync(request.Replace("{long}", new string('x', 9_000), StringComparison.Ordinal)));

    private static HttpContent Json(int bytes) =>
        Body.Raw($$"""{"name":"{{new string('x', bytes - 11)}}"}""", "application/json");

    private async Task<int> StatusOfAsync(string request)
    {
        var address = Library.Addresses[0];
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Token);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync(Token);
        return int.Parse(line!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A body that does not say how long it is.</summary>
    private sealed class Endless : HttpContent
    {
        private readonly HttpContent _content;

        public Endless(HttpContent content) => (_content, Headers.ContentType) = (content, content.Headers.ContentType);

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            _content.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
