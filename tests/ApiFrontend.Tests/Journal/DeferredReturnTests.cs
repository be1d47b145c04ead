using System.Globalization;
using Lms.ApiFrontend.Journal;
using Lms.ApiFrontend.Tests.Lendings;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Lendings;
using Lms.Grains.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Journal;

/// <summary>Books that come back while the library cannot be reached.</summary>
public sealed class DeferredReturnTests : GatewayTest, IAsyncLifetime
{
    private static readonly TimeSpan s_replayEvery = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lms-journals-");
    private readonly FakeTimeProvider _clock = new(new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
    private readonly TestLibrary _library;
    private TestGateway _desk = null!;
    private TestReader _reader = null!;

    public DeferredReturnTests() => _library = new(silos: 1, gateways: 1, _clock);

    /// <summary>At the gateway that has a journal.</summary>
    private Client Librarian => _desk.Anyone.With(_library.Librarian.Token);

    /// <summary>At the gateway without one.</summary>
    private Client Other => _library.Librarian;

    public async ValueTask InitializeAsync()
    {
        await _library.StartAsync();
        _desk = await StartAsync("a");
        _reader = await _library.AddReaderAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _library.Storage.IsDown = false;
        await _library.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_return_is_accepted_for_later_only_when_the_library_cannot_be_reached_and_is_recorded_when_it_can()
    {
        var (first, second) = (await LendAsync(), await LendAsync());
        Expect.Status(200, await ReturnAsync(first.Barcode));
        _library.Storage.IsDown = true;

        var accepted = Expect.Status(202, await Librarian.PostAsync(
            "/api/returns", new { barcode = second.Barcode, commentary = "Gostei.", grade = 9 }));
        var pending = Expect.Status(200, await Librarian.GetAsync(PathOf(accepted)));

        Assert.Equal("Accepted, not yet recorded.", accepted.Json.Text("detail"));
        Assert.Equal(("pending", accepted.Text), (pending.Json.Text("state"), pending.Text));
        Assert.EndsWith($"/api/operations/{accepted.Json.Text("id")}", accepted.Location, StringComparison.Ordinal);
        Assert.Equal((1, true), (Journal.Depth, Journal.IsOn));

        _library.Storage.IsDown = false;
        var applied = await DecidedAsync(accepted);

        Assert.Equal(("applied", second.Number), (applied.Json.Text("state"), applied.Json.Text("lendingNumber")));
        Assert.EndsWith($"/api/lendings/{second.Number}", applied.Json.Text("result"), StringComparison.Ordinal);
        var lending = Stored(second.Number).Lending!;
        Assert.Equal(("Gostei.", 9, 1), (lending.Commentary, lending.Grade!.Value, lending.Version));
        Assert.Empty(LendingChecks.Violations(_library, second.Barcode, lending: null));
        Assert.Equal(0, Journal.Depth);
    }

    [Fact]
    public async Task A_gateway_without_a_journal_refuses()
    {
        var lent = await LendAsync();
        _library.Storage.IsDown = true;
        var off = await StartAsync(journal: null);

        var refused = await off.Anyone.With(_library.Librarian.Token).PostAsync("/api/returns", new { barcode = lent.Barcode });

        Expect.Problem(503, refused, "unavailable");
        Assert.NotNull(refused.Header("Retry-After"));
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_is_the_same_return_at_every_gateway()
    {
        var lent = await LendAsync();
        var key = ("Idempotency-Key", Any.Key);
        _library.Storage.IsDown = true;

        var first = Expect.Status(202, await ReturnAsync(lent.Barcode, key));
        var again = Expect.Status(202, await ReturnAsync(lent.Barcode, key));
        var misuse = await Librarian.PostAsync("/api/returns", new { barcode = lent.Barcode, grade = 3 }, key);
        _library.Storage.IsDown = false;
        var healed = Expect.Status(202, await ReturnAsync(lent.Barcode, key));
        await DecidedAsync(first);
        var after = Expect.Status(202, await ReturnAsync(lent.Barcode, key));
        var elsewhere = await Other.PostAsync("/api/returns", new { barcode = lent.Barcode }, key);

        Assert.All([again, healed, after], answer => Assert.Equal(first.Location, answer.Location));
        Expect.Problem(422, misuse, "idempotency-key-reused");
        Assert.Equal(lent.Number, Expect.Status(200, elsewhere).Json.Text("lendingNumber"));
        Assert.Equal(1, Stored(lent.Number).Lending!.Version);
    }

    [Fact]
    public async Task A_return_that_another_gateway_has_recorded_under_the_same_key_is_recorded_once()
    {
        var lent = await LendAsync();
        var key = ("Idempotency-Key", Any.Key);
        _library.Storage.IsDown = true;
        var accepted = Expect.Status(202, await ReturnAsync(lent.Barcode, key));
        _library.Storage.IsDown = false;

        Expect.Status(200, await Other.PostAsync("/api/returns", new { barcode = lent.Barcode }, key));
        var applied = await DecidedAsync(accepted);

        Assert.Equal(("applied", lent.Number), (applied.Json.Text("state"), applied.Json.Text("lendingNumber")));
        Assert.Equal(1, Stored(lent.Number).Lending!.Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_return_that_had_reached_the_lending_is_recorded_once(bool isKeyed)
    {
        var lent = await LendAsync();
        _library.Stored.Interrupt(Cut.WriteFails, AccountState.Name, $"{LendingGrains.AccountPrefix}{_reader.Number}");

        var accepted = Expect.Status(202, await Librarian.PostAsync(
            "/api/returns", new { lendingNumber = lent.Number }, isKeyed ? [("Idempotency-Key", Any.Key)] : []));
        var applied = await DecidedAsync(accepted);

        Assert.Equal("applied", applied.Json.Text("state"));
        Assert.Equal(1, Stored(lent.Number).Lending!.Version);
        Assert.Empty(LendingChecks.Violations(_library, lent.Barcode, lending: null));
        Assert.Empty(await LendingChecks.ViolationsAsync(_library, _reader.Number, []));
    }

    [Fact]
    public async Task What_no_gateway_would_take_is_not_accepted()
    {
        var lent = await LendAsync();
        _library.Storage.IsDown = true;

        Expect.Problem(400, await Librarian.PostAsync("/api/returns", new { }), "return-unclear");
        Expect.Problem(404, await Librarian.PostAsync("/api/returns", new { barcode = "a b" }), "copy-unknown");
        Expect.Problem(404, await Librarian.PostAsync("/api/returns", new { lendingNumber = "x/1" }), "lending-unknown");
        Expect.Problem(400, await Librarian.PostAsync("/api/returns", new { barcode = lent.Barcode, grade = 11 }), "grade-invalid");
        Expect.Problem(
            400,
            await Librarian.PostAsync("/api/returns", new { barcode = lent.Barcode, commentary = new string('a', 1025) }),
            "commentary-too-long");
        Expect.Refused(403, await _desk.Anyone.With(_reader.Client.Token).PostAsync("/api/returns", new { barcode = lent.Barcode }));
        Expect.Refused(401, await _desk.Anyone.PostAsync("/api/returns", new { barcode = lent.Barcode }));
        Assert.Equal(0, Journal.Depth);
    }

    [Fact]
    public async Task Of_two_gateways_that_accepted_a_return_one_records_it_and_each_knows_its_own()
    {
        var lent = await LendAsync();
        var second = await StartAsync("b");
        var colleague = second.Anyone.With(_library.Librarian.Token);
        _library.Storage.IsDown = true;
        var here = Expect.Status(202, await ReturnAsync(lent.Barcode));
        var there = Expect.Status(202, await colleague.PostAsync("/api/returns", new { barcode = lent.Barcode }));

        var foreign = await Librarian.GetAsync(PathOf(there));
        var unknown = await Librarian.GetAsync($"/api/operations/{Journal.Name}-{Guid.NewGuid():N}");
        _library.Storage.IsDown = false;
        var states = new[]
        {
            (await DecidedAsync(here)).Json.Text("state"), (await DecidedAsync(there, colleague)).Json.Text("state"),
        };

        Expect.Problem(503, foreign, "operation-elsewhere");
        Assert.NotNull(foreign.Header("Retry-After"));
        Expect.Problem(404, unknown, "operation-unknown");
        Assert.Equal(["already-returned", "applied"], states.Order(StringComparer.Ordinal));
        Assert.Equal(1, Stored(lent.Number).Lending!.Version);
    }

    [Fact]
    public async Task A_copy_that_was_lent_again_since_stays_lent()
    {
        var lent = await LendAsync();
        Expect.Status(200, await Librarian.GetAsync($"/api/copies/{lent.Barcode}")); // so that this gateway has seen it
        _library.Storage.IsDown = true;
        var accepted = Expect.Status(202, await ReturnAsync(lent.Barcode));
        _library.Storage.IsDown = false;

        var again = await LendAgainAsync(lent);
        var decided = await DecidedAsync(accepted);

        Assert.Equal(("already-returned", lent.Number), (decided.Json.Text("state"), decided.Json.Text("lendingNumber")));
        Assert.Empty(LendingChecks.Violations(_library, lent.Barcode, again));
    }

    [Fact]
    public async Task A_copy_that_was_lent_again_since_and_that_this_gateway_had_never_seen_is_looked_at_by_a_person()
    {
        var lent = await LendAsync();
        _library.Storage.IsDown = true;
        var accepted = Expect.Status(202, await ReturnAsync(lent.Barcode, ("Idempotency-Key", Any.Key)));
        _library.Storage.IsDown = false;

        var again = await LendAgainAsync(lent);
        var decided = await DecidedAsync(accepted);

        Assert.Equal(("review", "returned-before-lent"), (decided.Json.Text("state"), decided.Json.Text("code")));
        Assert.Empty(LendingChecks.Violations(_library, lent.Barcode, again));
    }

    // It had been returned and lent again through another gateway before it came back here.
    [Fact]
    public async Task A_copy_comes_back_from_who_had_it_then_whatever_this_gateway_has_seen_before()
    {
        var lent = await LendAsync();
        Expect.Status(200, await Librarian.GetAsync($"/api/copies/{lent.Barcode}"));
        var again = await LendAgainAsync(lent);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _library.Storage.IsDown = true;
        var accepted = Expect.Status(202, await ReturnAsync(lent.Barcode, ("Idempotency-Key", Any.Key)));
        _library.Storage.IsDown = false;

        var decided = await DecidedAsync(accepted);

        Assert.Equal(("applied", again), (decided.Json.Text("state"), decided.Json.Text("lendingNumber")));
    }

    [Fact]
    public async Task A_copy_that_stands_on_the_shelf_was_returned_before()
    {
        var lent = await LendAsync();
        Expect.Status(200, await Other.PostAsync("/api/returns", new { barcode = lent.Barcode }));
        _library.Storage.IsDown = true;
        var accepted = Expect.Status(202, await Librarian.PostAsync(
            "/api/returns", new { barcode = lent.Barcode }, ("Idempotency-Key", Any.Key)));
        _library.Storage.IsDown = false;

        Assert.Equal("already-returned", (await DecidedAsync(accepted)).Json.Text("state"));
    }

    [Fact]
    public async Task The_day_that_counts_is_the_day_on_which_the_book_came_back()
    {
        var lent = await LendAsync();
        Jump(TimeSpan.FromDays(15)); // the due date
        var cameAt = _clock.GetUtcNow();
        var token = (await _library.SignInAsync(Roles.Librarian)).Token;
        _library.Storage.IsDown = true;
        var accepted = Expect.Status(
            202, await _desk.Anyone.With(token).PostAsync("/api/returns", new { barcode = lent.Barcode }));
        Jump(TimeSpan.FromDays(3));
        _library.Storage.IsDown = false;
        token = (await _library.SignInAsync(Roles.Librarian)).Token;

        var applied = await DecidedAsync(accepted, _desk.Anyone.With(token));

        var state = Stored(lent.Number);
        Assert.Equal("applied", applied.Json.Text("state"));
        Assert.Equal((new DateOnly(2026, 1, 20), null), (state.Lending!.ReturnedOn!.Value, state.Lending.FineInCents));
        Assert.Equal(cameAt, state.ReturnedAt!.Value);
    }

    [Fact]
    public async Task More_than_the_journal_may_hold_are_refused_and_told_when_to_come_back()
    {
        var lent = await LendAsync();
        var small = await StartAsync("small", ("Lms:Journal:MaxEntries", "1"));
        var librarian = small.Anyone.With(_library.Librarian.Token);
        _library.Storage.IsDown = true;

        Expect.Status(202, await librarian.PostAsync("/api/returns", new { barcode = lent.Barcode }));
        var refused = await librarian.PostAsync("/api/returns", new { barcode = lent.Barcode });

        Expect.Problem(503, refused, "unavailable");
        Assert.NotNull(refused.Header("Retry-After"));
    }

    [Fact]
    public async Task A_disk_without_room_is_a_refusal_and_what_was_accepted_before_stays()
    {
        var (first, second) = (await LendAsync(), await LendAsync());
        var disk = new FullDisk();
        var gateway = await _library.StartGatewayAsync(
            services => services.AddSingleton<JournalDisk>(disk),
            settings: [("Lms:Resilience:MaxRetries", "0"), ("Lms:Journal:Directory", Path.Combine(_directory.FullName, "full"))]);
        var librarian = gateway.Anyone.With(_library.Librarian.Token);
        _library.Storage.IsDown = true;
        var before = Expect.Status(202, await librarian.PostAsync("/api/returns", new { barcode = first.Barcode }));

        disk.IsFull = true;
        var refused = await librarian.PostAsync("/api/returns", new { barcode = second.Barcode });
        disk.IsFull = false;

        Expect.Problem(503, refused, "unavailable");
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal("pending", (await librarian.GetAsync(PathOf(before))).Json.Text("state"));
        Expect.Status(202, await librarian.PostAsync("/api/returns", new { barcode = second.Barcode }));
    }

    [Fact]
    public async Task What_was_accepted_survives_the_gateway_and_one_that_starts_alone_accepts()
    {
        var (first, second) = (await LendAsync(), await LendAsync());
        _library.Storage.IsDown = true;
        var before = Expect.Status(202, await ReturnAsync(first.Barcode));
        await _desk.App.StopAsync(Token);
        await _desk.App.DisposeAsync();

        _desk = await StartAsync("a");
        var after = Expect.Status(202, await ReturnAsync(second.Barcode));
        Assert.Equal("pending", (await Librarian.GetAsync(PathOf(before))).Json.Text("state"));
        _library.Storage.IsDown = false;

        Assert.Equal("applied", (await DecidedAsync(before)).Json.Text("state"));
        Assert.Equal("applied", (await DecidedAsync(after)).Json.Text("state"));
        Assert.Empty(await LendingChecks.ViolationsAsync(_library, _reader.Number, []));
    }

    [Fact]
    public async Task What_is_refused_later_is_decided_by_a_librarian_at_any_gateway()
    {
        var lent = await LendAsync();
        var unknown = $"1990/{Any.Number.ToString(CultureInfo.InvariantCulture)}";
        _library.Storage.IsDown = true;
        var toApply = Expect.Status(202, await Librarian.PostAsync("/api/returns", new { lendingNumber = unknown, grade = 7 }));
        var toDismiss = Expect.Status(202, await Librarian.PostAsync("/api/returns", new { lendingNumber = unknown }));
        _library.Storage.IsDown = false;
        Assert.Equal("review", (await DecidedAsync(toApply)).Json.Text("state"));
        Assert.Equal("review", (await DecidedAsync(toDismiss)).Json.Text("state"));

        var open = Expect.Status(200, await Other.GetAsync("/api/returns/review"));
        var (applied, dismissed) = (Path(toApply), Path(toDismiss));
        var wrong = await Other.PostAsync(applied, new { decision = "apply", lendingNumber = unknown });
        var done = Expect.Status(200, await Other.PostAsync(applied, new { decision = "apply", lendingNumber = lent.Number }));
        Expect.Status(200, await Other.PostAsync(dismissed, new { decision = "dismiss" }));

        Assert.Equal(
            [(toApply.Json.Text("id"), unknown, "lending-unknown"), (toDismiss.Json.Text("id"), unknown, "lending-unknown")],
            open.Items.Select(item => (item.Text("id"), item.Text("lendingNumber"), item.Text("code"))));
        Expect.Problem(404, wrong, "lending-unknown");
        Assert.Equal(("apply", lent.Number), (done.Json.Text("decision"), done.Json.Text("appliedTo")));
        Assert.Equal((7, 1), (Stored(lent.Number).Lending!.Grade!.Value, Stored(lent.Number).Lending!.Version));
        Expect.Status(200, await Other.PostAsync(applied, new { decision = "apply", lendingNumber = lent.Number }));
        Expect.Problem(409, await Other.PostAsync(applied, new { decision = "dismiss" }), "review-decided");
        Expect.FieldProblem(await Other.PostAsync(applied, new { decision = "apply" }));
        Expect.Problem(404, await Other.PostAsync($"/api/returns/review/x-{Guid.NewGuid():N}", new { decision = "dismiss" }), "review-unknown");
        Assert.Empty((await Other.GetAsync("/api/returns/review")).Items);
        Assert.Equal(
            ["apply", "dismiss"],
            (await Librarian.GetAsync("/api/returns/review?decided=true")).Items.Select(item => item.Text("decision")));

        static string Path(Answer accepted) => $"/api/returns/review/{accepted.Json.Text("id")}";
    }

    /// <summary>Days, in which no timer is heard: a million of them would be.</summary>
    private void Jump(TimeSpan time) => _clock.AdjustTime(_clock.GetUtcNow() + time);

    private ReturnJournal Journal => _desk.Service<ReturnJournal>();

    private static string PathOf(Answer accepted) => new Uri(accepted.Location).AbsolutePath;

    private Task<TestGateway> StartAsync(string? journal, params (string, string)[] settings) => _library.StartGatewayAsync(
        settings:
        [
            ("Lms:Resilience:MaxRetries", "0"),
            .. journal is null ? [] : new[] { ("Lms:Journal:Directory", Path.Combine(_directory.FullName, journal)) },
            ("Lms:Journal:ReplayEvery", s_replayEvery.ToString("c", CultureInfo.InvariantCulture)),
            .. settings,
        ]);

    private async Task<(string Isbn, string Barcode, string Number)> LendAsync()
    {
        var (isbn, barcodes) = await _library.AddBookAsync(copies: 1);
        return (isbn, barcodes[0], await LendAsync(isbn));
    }

    private async Task<string> LendAsync(string isbn) => Expect
        .Status(201, await Other.PostAsync("/api/lendings", new { isbn, readerNumber = _reader.Number }))
        .Json.Text("lendingNumber")!;

    // At another gateway, a second later.
    private async Task<string> LendAgainAsync((string Isbn, string Barcode, string Number) lent)
    {
        Expect.Status(200, await Other.PostAsync("/api/returns", new { barcode = lent.Barcode }));
        _clock.Advance(TimeSpan.FromSeconds(1));
        return await LendAsync(lent.Isbn);
    }

    private Task<Answer> ReturnAsync(string barcode, params (string, string)[] headers) =>
        Librarian.PostAsync("/api/returns", new { barcode }, headers);

    private async Task<Answer> DecidedAsync(Answer accepted, Client? librarian = null)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            _clock.Advance(s_replayEvery);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
            var answer = Expect.Status(200, await (librarian ?? Librarian).GetAsync(PathOf(accepted)));
            if (answer.Json.Text("state") != "pending")
            {
                return answer;
            }
        }

        throw new TimeoutException($"It is never decided: {accepted}");
    }

    private LendingState Stored(string number) =>
        _library.Stored.Find<LendingState>(LendingState.Name, $"{LendingGrains.LendingPrefix}{number}")!;
}
