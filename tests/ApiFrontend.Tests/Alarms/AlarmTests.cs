using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lms.ApiFrontend.Alarms;
using Lms.ApiFrontend.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Alarms;

public sealed class AlarmTests : IAsyncDisposable
{
    private const string Secret = "sixteen-and-more-characters";

    private static readonly Incident s_incident = new(
        Guid.Parse("a9280b1e-7562-416f-a0c0-3a7713ea33f7"), "books", Health.Down, ["requests-failing"], new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));

    private readonly FakeTimeProvider _clock = new(new(2026, 1, 5, 9, 0, 10, TimeSpan.Zero));
    private readonly List<IAsyncDisposable> _open = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_open))
        {
            await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_alarm_is_posted_and_signed()
    {
        var receiver = await ReceiverAsync();
        var services = await BellAsync(("Webhook", receiver.Address), ("WebhookSecret", Secret));

        services.GetRequiredService<AlarmBell>().Raise(new(AlarmEvent.Closed, s_incident with { EndedAt = s_incident.StartedAt.AddSeconds(40) }));

        var (headers, body) = await receiver.NextAsync();
        using var json = JsonDocument.Parse(body);
        var alarm = json.RootElement;
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{headers["Lms-Timestamp"]}.{body}"));
        Assert.Equal($"sha256={Convert.ToHexStringLower(signed)}", headers["Lms-Signature"]);
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), headers["Lms-Timestamp"]);
        Assert.Equal(("closed", "books", "down", "one"), (alarm.Text("event"), alarm.Text("service"), alarm.Text("condition"), alarm.Text("gateway")));
        Assert.Equal(s_incident.Id, alarm.GetProperty("incident").GetGuid());
        Assert.Equal(40, (alarm.GetProperty("endedAt").GetDateTimeOffset() - alarm.GetProperty("startedAt").GetDateTimeOffset()).TotalSeconds);
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_signed()
    {
        var receiver = await ReceiverAsync();
        var services = await BellAsync(("Webhook", receiver.Address));

        services.GetRequiredService<AlarmBell>().Raise(new(AlarmEvent.Opened, s_incident));

        Assert.DoesNotContain("Lms-Signature", (await receiver.NextAsync()).Headers.Keys);
    }

    [Fact]
    public async Task One_that_does_not_get_through_is_tried_again_later_and_later_and_in_order()
    {
        var receiver = await ReceiverAsync(refuseFirst: 3);
        var services = await BellAsync(("Webhook", receiver.Address));
        var bell = services.GetRequiredService<AlarmBell>();

        bell.Raise(new(AlarmEvent.Opened, s_incident));
        bell.Raise(new(AlarmEvent.Closed, s_incident));
        await AdvanceUntilAsync(() => receiver.Taken.Count == 2);

        Assert.Equal(5, receiver.Asked);
        Assert.Equal(["opened", "closed"], receiver.Taken.Select(body => JsonDocument.Parse(body).RootElement.Text("event")));
        Assert.True(_clock.GetUtcNow() - new DateTimeOffset(2026, 1, 5, 9, 0, 10, TimeSpan.Zero) >= TimeSpan.FromSeconds(1 + 2 + 4));
    }

    [Fact]
    public async Task A_channel_that_is_dead_holds_up_no_other_and_no_caller()
    {
        var mail = await Mailbox.StartAsync();
        _open.Add(mail);
        var receiver = await ReceiverAsync(refuseFirst: int.MaxValue);
        var services = await BellAsync([("Webhook", receiver.Address), .. MailTo(mail)]);
        var bell = services.GetRequiredService<AlarmBell>();

        for (var i = 0; i < 1_000; i++)
        {
            bell.Raise(new(AlarmEvent.Opened, s_incident));
        }

        await mail.NextAsync();
        Assert.Empty(receiver.Taken);
    }

    [Fact]
    public async Task After_an_hour_an_alarm_is_given_up()
    {
        var receiver = await ReceiverAsync(refuseFirst: int.MaxValue);
        var lost = new ConcurrentQueue<string>();
        var services = await BellAsync(("Webhook", receiver.Address));
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "lms.gateway.alarms" && instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => lost.Enqueue((string)tags[1].Value!));
        listener.Start();

        services.GetRequiredService<AlarmBell>().Raise(new(AlarmEvent.Opened, s_incident));
        await AdvanceUntilAsync(() => lost.Contains("lost"));

        Assert.True(_clock.GetUtcNow() - s_incident.StartedAt > TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task An_alarm_comes_by_mail()
    {
        var mail = await Mailbox.StartAsync();
        _open.Add(mail);
        var services = await BellAsync(MailTo(mail));

        services.GetRequiredService<AlarmBell>().Raise(new(AlarmEvent.Opened, s_incident));

        var (envelope, text) = await mail.NextAsync();
        Assert.Equal("lms@example.org", envelope[0]);
        Assert.Equal(["ana@example.org", "rui@example.org"], envelope[1..]);
        Assert.Contains("Subject: [Library] books is down", text, StringComparison.Ordinal);
        Assert.Contains("requests-failing", text, StringComparison.Ordinal);
        Assert.Contains("not yet", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(true, "Webhook", "https://hooks.example.org/T0/B0")]
    [InlineData(false, "Webhook", "hooks.example.org")]
    [InlineData(false, "Webhook", "file:///etc/passwd")]
    [InlineData(false, "WebhookSecret", "short")]
    [InlineData(false, "Smtp:Host", "mail.example.org")]
    [InlineData(false, "Smtp:Host", "mail.example.org", "Smtp:From", "lms@example.org", "Smtp:To", "nobody")]
    [InlineData(true, "Smtp:Host", "mail.example.org", "Smtp:From", "lms@example.org", "Smtp:To", "a@example.org, b@example.org")]
    [InlineData(
        false, "Smtp:Host", "mail.example.org", "Smtp:From", "lms@example.org", "Smtp:To", "a@example.org", "Smtp:Username", "lms",
        "Smtp:StartTls", "false")]
    [InlineData(false, "Smtp:Port", "0")]
    public void Settings_that_cannot_be_meant_stop_the_start(bool isGood, params string[] settings)
    {
        using var services = Services([.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]);

        var options = Record.Exception(() => services.GetRequiredService<IOptions<AlarmOptions>>().Value);

        Assert.Equal(isGood, options is not OptionsValidationException);
    }

    private static (string, string)[] MailTo(Mailbox mail) =>
    [
        ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", mail.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("Smtp:From", "lms@example.org"), ("Smtp:To", "ana@example.org, rui@example.org"), ("Smtp:StartTls", "false"),
    ];

    private async Task<ServiceProvider> BellAsync(params (string Name, string Value)[] settings)
    {
        var services = Services(settings);
        _open.Add(services);
        foreach (var hosted in services.GetServices<IHostedService>())
        {
            await hosted.StartAsync(Token);
        }

        return services;
    }

    private ServiceProvider Services((string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Lms:Alarms:{setting.Name}", (string?)setting.Value))).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton(GatewayRun.Of("one"))
            .AddLogging()
            .AddMetrics()
            .AddAlarms(configuration)
            .BuildServiceProvider();
    }

    private async Task AdvanceUntilAsync(Func<bool> isDone)
    {
        while (!isDone())
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Token);
        }
    }

    private async Task<Receiver> ReceiverAsync(int refuseFirst = 0)
    {
        var receiver = await Receiver.StartAsync(refuseFirst);
        _open.Add(receiver);
        return receiver;
    }

    /// <summary>Whom a webhook leads to.</summary>
    private sealed class Receiver(WebApplication app, int refuseFirst) : IAsyncDisposable
    {
        private readonly SemaphoreSlim _one = new(0);
        private readonly ConcurrentQueue<(IReadOnlyDictionary<string, string> Headers, string Body)> _next = new();
        private int _asked;

        public string Address => $"{app.Urls.First()}/alarms";

        public int Asked => _asked;

        public ConcurrentQueue<string> Taken { get; } = new();

        public static async Task<Receiver> StartAsync(int refuseFirst)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            var receiver = new Receiver(app, refuseFirst);
            app.MapPost("/alarms", receiver.TakeAsync);
            await app.StartAsync(Token);
            return receiver;
        }

        public async Task<(IReadOnlyDictionary<string, string> Headers, string Body)> NextAsync()
        {
            await _one.WaitAsync(Token);
            Assert.True(_next.TryDequeue(out var next));
            return next;
        }

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            _one.Dispose();
        }

        private async Task<IResult> TakeAsync(HttpRequest request)
        {
            using var reader = new StreamReader(request.Body);
            var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
            if (Interlocked.Increment(ref _asked) <= refuseFirst)
            {
                return TypedResults.StatusCode(500);
            }

            Taken.Enqueue(body);
            _next.Enqueue((request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
            _one.Release();
            return TypedResults.Ok();
        }
    }
}
