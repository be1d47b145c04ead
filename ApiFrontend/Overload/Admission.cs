using System.Diagnostics.Metrics;
using Lms.ApiFrontend.Errors;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Overload;

/// <summary>
/// Lets requests in while there is room, each class up to its share of it: reports are refused first, the desk last. Refusing is
/// cheap, comes before anybody has looked at the token, and says when to come back.
/// </summary>
internal sealed class Admission
{
    private static readonly TimeSpan s_comeBack = TimeSpan.FromSeconds(2);

    private readonly OverloadOptions _options;
    private readonly AdaptiveLimit _limit;
    private readonly TimeProvider _clock;
    private readonly Counter<long> _shed;
    private int _underWay;
    private int _reports;

    public Admission(IOptions<OverloadOptions> options, IMeterFactory meters, TimeProvider clock)
    {
        (_options, _limit, _clock) = (options.Value, new(options.Value, clock), clock);
        var meter = meters.Create("lms");
        _shed = meter.CreateCounter<long>("lms.gateway.shed", "{request}", "Requests that were refused because there was no room.");
        meter.CreateObservableGauge("lms.gateway.requests.active", () => _underWay, "{request}", "Requests under way, reports not counted.");
        meter.CreateObservableGauge("lms.gateway.limit", () => _limit.Current, "{request}", "Requests that there is room for.");
        foreach (var one in Enum.GetValues<RequestClass>())
        {
            _shed.Add(0, Tag(one));
        }
    }

    /// <summary>True while some class is refused, or would be.</summary>
    public bool IsShedding => _underWay >= _limit.Current * _options.ReportShare;

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
                await TimedAsync(known.Value, http, next);
                break;
        }
    }

    /// <summary>Whether one more of the class is let in beside so many that are under way.</summary>
    internal bool HasRoom(RequestClass requested, int underWay) => underWay < requested switch
    {
        RequestClass.Desk => _options.MaxRequests,
        RequestClass.Single => _limit.Current * _options.SingleShare,
        RequestClass.List => _limit.Current * _options.ListShare,
        _ => _limit.Current * _options.ReportShare,
    };

    private async Task TimedAsync(RequestClass requested, HttpContext http, RequestDelegate next)
    {
        var underWay = Interlocked.Increment(ref _underWay);
        try
        {
            if (!HasRoom(requested, underWay - 1))
            {
                await RefuseAsync(requested, http);
                return;
            }

            var started = _clock.GetTimestamp();
            await next(http);
            _limit.Observe(_clock.GetElapsedTime(started), underWay);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    // They may take minutes, which says nothing about how busy the library is.
    private async Task CountedAsync(HttpContext http, RequestDelegate next)
    {
        var reports = Interlocked.Increment(ref _reports);
        try
        {
            await (reports <= _options.MaxReports && HasRoom(RequestClass.Report, _underWay)
                ? next(http)
                : RefuseAsync(RequestClass.Report, http));
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
