using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Lms.ServiceDefaults;

/// <summary>Traces: what a request passes through, from the gateway over the grains to the database.</summary>
/// <remarks>
/// Spans are made always, so that the logs of all processes tell which request they belong to. They are sent only where
/// OpenTelemetry's own variables name a collector (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>), which also choose the sampler and the rest.
/// </remarks>
public static class Tracing
{
    /// <summary>Of the library's own spans.</summary>
    public const string Source = "Lms";

    private static readonly string[] s_endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Adds traces of a process.</summary>
    /// <param name="builder">Of the process.</param>
    /// <param name="service">What it is, for example lms-silo; <c>OTEL_SERVICE_NAME</c> may call it something else.</param>
    public static WebApplicationBuilder AddTracing(this WebApplicationBuilder builder, string service)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var isSent = s_endpoints.Any(name => builder.Configuration[name] is { Length: > 0 });
        builder.Services.Configure<AspNetCoreTraceInstrumentationOptions>(options =>
            options.Filter = http => !http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal));
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(service, serviceVersion: version, serviceInstanceId: builder.Configuration["POD_NAME"] ?? Environment.MachineName)
                .AddEnvironmentVariableDetector())
            .WithTracing(traces =>
            {
                traces.AddAspNetCoreInstrumentation()
                    .AddSource(Source, "Microsoft.Orleans.Application", "Npgsql")
                    .AddProcessor(new WithoutPersons());
                if (isSent)
                {
                    traces.AddOtlpExporter();
                }
            });
        return builder;
    }

    /// <summary>Grains of sign-ins are called by e-mail addresses, which are nobody's business.</summary>
    internal sealed class WithoutPersons : BaseProcessor<Activity>
    {
        private static readonly string[] s_grains = ["orleans.rpc.target_id", "orleans.rpc.source_id"];

        public override void OnEnd(Activity data)
        {
            foreach (var tag in s_grains)
            {
                if (data.GetTagItem(tag) is string grain && grain.Contains('@', StringComparison.Ordinal))
                {
                    data.SetTag(tag, null);
                }
            }
        }
    }
}
