using System.Diagnostics.Metrics;
using Lms.ApiFrontend.Overload;
using Lms.ApiFrontend.Resilience;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Tests.Overload;

/// <summary>Who is refused when there is not room for all.</summary>
public sealed class AdmissionTests : IDisposable
{
    /// <summary>One place, kept for as long as the request takes; nobody waits for long.</summary>
    private static readonly OverloadOptions s_full = new()
    {
        MinRequests = 1,
        MaxRequests = 1,
        PlaceTime = TimeSpan.FromHours(1),
        Wait = TimeSpan.FromMilliseconds(50),
    };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddLogging().AddRouting()
        .ConfigureHttpJsonOptions(_ => { }).BuildServiceProvider();

    private readonly TaskCompletionSource _done = new();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Reports_are_refused_first_and_the_desk_last()
    {
        using var admission = AdmissionOf(new()
        {
            MinRequests = 100,
            MaxRequests = 100,
            PlaceTime = TimeSpan.FromHours(1),
            Wait = TimeSpan.FromMilliseconds(1),
        });
        var refusedAt = new Dictionary<string, int>(StringComparer.Ordinal);
        var hanging = new List<Task>();
        for (var underWay = 0; underWay <= 100; underWay++)
        {
            string[] asked = underWay < 100 ? ["ExportBooks", "SearchBooks", "GetBook"] : ["LendBook"];
            foreach (var operation in asked.Where(operation => !refusedAt.ContainsKey(operation)))
            {
                if (await IsRefusedAsync(admission, operation))
                {
                    refusedAt[operation] = underWay;
                }
            }

            if (underWay < 100)
            {
                hanging.Add(admission.UseAsync(RequestOf("LendBook"), _ => _done.Task));
            }
        }

        _done.SetResult();
        await Task.WhenAll(hanging);

        Assert.Equal(
            [("ExportBooks", 50), ("SearchBooks", 70), ("GetBook", 90), ("LendBook", 100)],
            refusedAt.OrderBy(refused => refused.Value).Select(refused => (refused.Key, refused.Value)));
        Assert.False(await IsRefusedAsync(admission, "ExportBooks"));
    }

    [Fact]
    public async Task Reports_that_run_do_not_take_the_room_of_others_and_are_not_too_many()
    {
        using var admission = AdmissionOf(new()
        {
            MinRequests = 100,
            MaxRequests = 100,
            MaxReports = 200,
            MaxWaiting = 200,
            Wait = TimeSpan.FromMinutes(1),
        });
        var running = 0;
        var allRun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hanging = Enumerable.Range(0, 200).Select(_ => admission.UseAsync(RequestOf("FollowChanges"), _ =>
        {
            if (Interlocked.Increment(ref running) == 200)
            {
                allRun.SetResult();
            }

            return _done.Task;
        })).ToList();

        Assert.True(await IsRefusedAsync(admission, "FollowChanges"));
        await allRun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(await IsRefusedAsync(admission, "SearchBooks"));

        _done.SetResult();
        await Task.WhenAll(hanging);
    }

    [Fact]
    public async Task A_refusal_is_counted_and_says_when_to_come_back()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        var shed = new List<(long Value, string? Class)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "lms.gateway.shed" && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => shed.Add((value, (string?)tags[0].Value)));
        listener.Start();
        using var admission = AdmissionOf(s_full);
        var hanging = admission.UseAsync(RequestOf("LendBook"), _ => _done.Task);

        var refused = RequestOf("GetBook");
        await admission.UseAsync(refused, _ => throw new InvalidOperationException("It was let in."));

        Assert.Equal((503, "2"), (refused.Response.StatusCode, refused.Response.Headers.RetryAfter.ToString()));
        Assert.Equal([(0, "desk"), (0, "single"), (0, "list"), (0, "report"), (1, "single")], shed);
        _done.SetResult();
        await hanging;
    }

    [Fact]
    public async Task Nobody_waits_for_a_place_for_longer_than_the_client_does()
    {
        using var admission = AdmissionOf(new() { MinRequests = 1, MaxRequests = 1, PlaceTime = TimeSpan.FromHours(1), Wait = TimeSpan.FromMinutes(1) });
        var hanging = admission.UseAsync(RequestOf("LendBook"), _ => _done.Task);
        var hasty = RequestOf("LendBook");
        hasty.Request.Headers[RequestTime.Header] = "20";

        await RequestTime.UseAsync(hasty, http => admission.UseAsync(http, _ => Task.CompletedTask))
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, hasty.Response.StatusCode);
        _done.SetResult();
        await hanging;
    }

    [Fact]
    public async Task Whether_it_lives_is_told_whatever_happens()
    {
        using var admission = AdmissionOf(s_full);
        var hanging = admission.UseAsync(RequestOf("LendBook"), _ => _done.Task);
        var probe = RequestOf("GetReadiness", "/health/ready");

        await admission.UseAsync(probe, http =>
        {
            http.Response.StatusCode = 204;
            return Task.CompletedTask;
        });

        Assert.Equal(204, probe.Response.StatusCode);
        _done.SetResult();
        await hanging;
    }

    private Admission AdmissionOf(OverloadOptions options) =>
        new(Options.Create(options), _services.GetRequiredService<IMeterFactory>(), TimeProvider.System);

    private async Task<bool> IsRefusedAsync(Admission admission, string operation)
    {
        var http = RequestOf(operation);
        await admission.UseAsync(http, _ => Task.CompletedTask);
        return http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable;
    }

    private DefaultHttpContext RequestOf(string operation, string path = "/api/something")
    {
        var http = new DefaultHttpContext { RequestServices = _services };
        http.SetEndpoint(new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse(path), 0)
        {
            Metadata = { new EndpointNameMetadata(operation) },
        }.Build());
        return http;
    }
}
