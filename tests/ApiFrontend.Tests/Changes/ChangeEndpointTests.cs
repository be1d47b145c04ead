using Lms.ApiFrontend.Changes;
using Lms.ApiFrontend.Tests.Library;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lms.ApiFrontend.Tests.Changes;

/// <summary>What staff see as it happens.</summary>
public sealed class ChangeEndpointTests(LibraryFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task What_is_committed_through_one_gateway_is_told_at_another()
    {
        using var events = await EventStream.OpenAsync(Library.GatewayAt(1), Library.Librarian);
        await events.LiveAsync();

        var (isbn, barcodes) = await Library.AddBookAsync(copies: 1);

        var change = await events.ChangeAsync("book", isbn);
        await events.ChangeAsync("copy", barcodes[0]);
        Assert.True(change.GetProperty("version").GetInt64() >= 1);
        Assert.Equal(["entity", "id", "version", "at"], change.Names());
        Assert.Equal("text/event-stream", events.Response.Content.Headers.ContentType?.MediaType);
        Assert.True(events.Response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Every_connection_begins_with_when_to_come_again_and_a_gap()
    {
        using var events = await EventStream.OpenAsync(Library.GatewayAt(0), Library.Admin);

        Assert.Equal("3000", (await events.ReadAsync())!["retry"]);
        Assert.Equal("gap", (await events.ReadAsync())!["event"]);
    }

    [Fact]
    public async Task A_reader_is_told_by_number_and_never_by_name_or_address()
    {
        using var events = await EventStream.OpenAsync(Library.GatewayAt(0), Library.Librarian);
        await events.LiveAsync();
        var reader = await Library.AddReaderAsync();
        var seen = new List<string>();

        await events.FindAsync(piece =>
        {
            seen.Add(piece.GetValueOrDefault("data") ?? "");
            return seen[^1].Contains($"\"{reader.Number}\"", StringComparison.Ordinal);
        });

        Assert.DoesNotContain(seen, data => data.Contains('@') || data.Contains("Maria", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_asks_for_one_kind_is_told_of_no_other()
    {
        using var events = await EventStream.OpenAsync(Library.GatewayAt(0), Library.Librarian, "?entity=copy&entity=genre");
        await events.LiveAsync();
        var (_, barcodes) = await Library.AddBookAsync(copies: 1);
        var seen = new List<string>();

        await events.FindAsync(piece =>
        {
            seen.Add(piece.GetValueOrDefault("data") ?? "");
            return seen[^1].Contains(barcodes[0], StringComparison.Ordinal);
        });

        Assert.DoesNotContain(seen, data => data.Contains("\"entity\":\"book\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_kind_is_refused()
    {
        var answer = Expect.Status(400, await Library.Librarian.GetAsync("/api/changes?entity=loan"));

        Assert.Equal("entity-unknown", answer.Json.Text("code"));
    }

    [Fact]
    public async Task A_gateway_without_a_cluster_connects_and_says_that_it_tells_nothing()
    {
        var gateway = await Library.StartGatewayAsync(services => services.RemoveAll<IClusterClient>());

        using var events = await EventStream.OpenAsync(gateway, Library.Librarian);

        var gap = await events.FindAsync(piece => piece.GetValueOrDefault("event") == "gap");
        Assert.Equal("""{"live":false}""", gap["data"]);
    }

    [Fact]
    public async Task A_gateway_that_stops_lets_its_clients_go()
    {
        var gateway = await Library.StartGatewayAsync();
        using var events = await EventStream.OpenAsync(gateway, Library.Librarian);
        await events.LiveAsync();

        var stopping = gateway.App.StopAsync(Token);

        while (await events.ReadAsync() is not null)
        {
        }

        await stopping;
    }

    [Fact]
    public async Task The_head_of_it_ends() =>
        Expect.Status(200, await Library.Librarian.HeadAsync("/api/changes"));

    [Fact]
    public async Task A_client_that_does_not_read_is_let_go_and_nobody_waits_for_it()
    {
        using var listener = new ChangeListener([], _ => { });

        for (var i = 0; i <= ChangeListener.Capacity; i++)
        {
            listener.Tell(Frame.Heartbeat);
        }

        var got = 0;
        await foreach (var _ in listener.ReadAsync(Token))
        {
            got++;
        }

        Assert.Equal(ChangeListener.Capacity, got);
    }
}

/// <summary>What time does to a connection.</summary>
public sealed class ChangeConnectionTests(ClockFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task A_quiet_connection_is_kept_open_and_ends_with_its_token()
    {
        var librarian = await Library.SignInAsync(Grains.Abstractions.Users.Roles.Librarian);
        using var events = await EventStream.OpenAsync(Library.GatewayAt(0), librarian);
        await events.FindAsync(piece => piece.ContainsKey("event"));

        fixture.Clock.Advance(LiveChanges.Heartbeat);
        await events.FindAsync(piece => piece.ContainsKey(""));
        fixture.Clock.Advance(TimeSpan.FromHours(11));

        while (await events.ReadAsync() is not null)
        {
        }
    }
}
