using Lms.ServiceDefaults.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Lms.ServiceDefaults;

/// <summary>What every process of the library does alike.</summary>
public static class LmsServiceDefaults
{
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Configuration.AddSecretFiles();

        // The frameworks tell of every option and every placement; configuration may turn that on again.
        builder.Logging
            .AddFilter("Orleans", LogLevel.Warning)
            .AddFilter("Orleans.Runtime.Silo", LogLevel.Error) // warns of the garbage collector that we chose
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error) // its first round counts from the machine's start
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning)
            .AddFilter("System.Net.Http", LogLevel.Warning)
            .AddFilter("ZiggyCreatures", LogLevel.Warning); // tells of every call
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));

        // Whoever compares the logs of several processes needs to know what came first.
        builder.Services.Configure<SimpleConsoleFormatterOptions>(options =>
            (options.TimestampFormat, options.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", true));

        // For machines (Logging:Console:FormatterName=json): with the trace that a line belongs to.
        builder.Services.Configure<JsonConsoleFormatterOptions>(options =>
            (options.TimestampFormat, options.UseUtcTimestamp, options.IncludeScopes) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true, true));
        WithoutAddresses.AddTo(builder.Services);
        builder.AddLogLimit();

        // In-flight work finishes before the process ends.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(40));
        return builder;
    }

    private static void AddLogLimit(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<LogLimitOptions>().BindConfiguration(LogLimitOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LogLimitOptions>, LogLimitOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LogLimiter>();
        builder.Logging.AddSampler<LogLimiter>();
        services.Replace(ServiceDescriptor.Singleton<LoggingSampler>(provider => provider.GetRequiredService<LogLimiter>()));
        services.AddHostedService<LogLimitReport>();
    }
}
