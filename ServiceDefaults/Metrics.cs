using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Lms.ServiceDefaults;

/// <summary>
/// Metrics of a process: its own on the meter <c>lms</c>, and those of Orleans, PostgreSQL, HTTP and the runtime. Prometheus reads
/// them at <see cref="Path"/> of the internal port; they are sent as well where OpenTelemetry's own variables name a collector.
/// </summary>
public static class Metrics
{
    public const string Path = "/metrics";

    private static readonly string[] s_endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>In seconds, close together where the goals are: 50 ms for reads, 250 ms at the desk, 300 ms for searches.</summary>
    private static readonly double[] s_durations = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1, 2.5, 5, 10];

    /// <summary>Collects them.</summary>
    public static WebApplicationBuilder AddMetrics(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var isSent = s_endpoints.Any(name => builder.Configuration[name] is { Length: > 0 });
        builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics
                .AddMeter("lms", "Microsoft.Orleans", "Npgsql", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddView("lms.gateway.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = s_durations })
                .AddPrometheusExporter();
            if (isSent)
            {
                metrics.AddOtlpExporter();
            }
        });
        return builder;
    }

    /// <summary>Shows them to whoever comes to one of the ports, which clients of the library do not reach.</summary>
    public static IApplicationBuilder UseMetrics(this IApplicationBuilder app, IReadOnlyCollection<int> internalPorts) =>
        app.UseOpenTelemetryPrometheusScrapingEndpoint(http =>
            http.Request.Path == Path && internalPorts.Contains(http.Connection.LocalPort));
}
