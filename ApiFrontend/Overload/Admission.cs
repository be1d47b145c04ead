using System.Diagnostics.Metrics;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Resilience;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Overload;

/// <summary>
/// Lets requests in as there are places for them, before anybody has looked at their token, and refuses those that would wait for
/// too long: reports first, the desk last. A refusal says when to come back.
/// </summary>
internal sealed class Admission : IDisposable
{
    private static readonly TimeSpan s_comeBack = TimeSpan.FromSeconds(2);

    private readonly WaitingRoom _room;
    private readonly int _maxReports;
    private readonly TimeProvider _clock;
    private readonly Counter<long> _shed;
    private int _reports;

    public Admission(IOptions<OverloadOptions> options, IMeterFactory meters, TimeProvider clock)
    {
        (_room, _maxReports, _clock) = (new(options.Value, clock), options.Value.MaxReports, clock);
        var meter = meters.Create("lms");
        _shed = meter.CreateCounter<long>("lms.gateway.shed", "{request}", "Requests that were refused because there was no room.");
        meter.CreateObservableGauge("lms.gateway.requests.active", () => _room.Taken, "{request}", "Places that requests have.");
        meter.CreateObservableGauge("lms.gateway.requests.queued", () => _room.Queued, "{request}", "Requests that wait for a place.");
        meter.CreateObservableGauge("lms.gateway.limit", () => _room.Limit, "{request}", "Places for requests.");
        foreach (var one in Enum.GetValues<RequestClass>())
        {
            _shed.Add(0, Tag(one));
        }
    }

    /// <summary>True when more is asked than can be done, and has been for a while.</summary>
    public bool IsShedding => _room.IsCrowded;

    public async Task UseAsync(HttpContext http, RequestDelegate next)
    {
        switch (RequestClasses.Of(http.GetEndpoint()))
        {
            case null:
                await next(http);
                break;
            case RequestClass.Report:
                await CountedAsync(http, next);
                break;
            case var known:
                await InPlaceAsync(known.Value, http, next);
                break;
        }
    }

    public void Dispose() => _room.Dispose();

    private async Task InPlaceAsync(RequestClass requested, HttpContext http, RequestDelegate next)
    {
        if (await EnterAsync(requested, http) is not { } place)
        {
            if (!http.RequestAborted.IsCancellationRequested)
            {
                await RefuseAsync(requested, http);
            }

            return;
        }

        try
        {
            await next(http);
        }
        finally
        {
            // Reports may take minutes.
            _room.Leave(place, isTimed: requested != RequestClass.Report);
        }
    }

    /// <summary>Nobody waits for a place whose client has given up by then.</summary>
    private async Task<WaitingRoom.Place?> EnterAsync(RequestClass requested, HttpContext http)
    {
        if (RequestTime.Patience is not { } patience)
        {
            return await _room.EnterAsync(requested, http.RequestAborted);
        }

        var askedAt = _clock.GetTimestamp();
        using var over = new CancellationTokenSource(patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, http.RequestAborted);
        var place = await _room.EnterAsync(requested, either.Token);
        RequestTime.Waited(_clock.GetElapsedTime(askedAt));
        return place;
    }

    private async Task CountedAsync(HttpContext http, RequestDelegate next)
    {
        var reports = Interlocked.Increment(ref _reports);
        try
        {
            await (reports <= _maxReports ? InPlaceAsync(RequestClass.Report, http, next) : RefuseAsync(RequestClass.Report, http));
        }
        finally
        {
            Interlocked.Decrement(ref _reports);
        }
    }

    private Task RefuseAsync(RequestClass requested, HttpContext http)
    {
        _shed.Add(1, Tag(requested));
        return Refusals.Unavailable(http, s_comeBack, "overloaded", "The library is busy. Nothing was done.").ExecuteAsync(http);
    }

    private static KeyValuePair<string, object?> Tag(RequestClass requested) => new("class", requested switch
    {
        RequestClass.Desk => "desk",
        RequestClass.Single => "single",
        RequestClass.List => "list",
        _ => "report",
    });
}
