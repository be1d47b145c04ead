using Lms.Grains;
using Lms.ServiceDefaults;
using Lms.Silo.Storage;
using Npgsql;

namespace Lms.Silo.Cluster;

/// <summary>The process of a silo: a web host that tells how it is, and the silo in the background.</summary>
internal static class SiloProcess
{
    public static WebApplication Create(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.AddServiceDefaults();
        builder.AddTracing("lms-silo").AddMetrics();
        var settings = ClusterSettings.Of(builder.Configuration);
        builder.WebHost.UseUrls(settings.InternalUrls);

        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(settings);

        // Of the silo, and judged here as well: a silo is made again and again, whatever is wrong.
        services.AddLibraryOptions().AddMembershipOptions();
        services.AddSingleton(_ => PostgresSource.Of(settings.Postgres));
        services.AddSingleton(_ => new RedisMembership(settings.RedisMembership));
        services.AddSingleton(outer => new InnerHost(
            "silo", token => BuildAsync(outer, token), outer.GetRequiredService<ILogger<InnerHost>>()));
        services.AddHostedService(outer => outer.GetRequiredService<InnerHost>());

        var app = builder.Build();
        app.UseMetrics(settings.InternalPorts);
        app.MapGet("/health/live", () => "live");
        app.MapGet("/health/ready", IsReady);
        app.MapGet("/health/startup", IsReady);
        app.MapGet("/activations", GetActivationsAsync);
        app.MapDelete("/activations", CollectAsync);
        return app;
    }

    // Active, and not about to leave.
    private static IResult IsReady(InnerHost silo, IHostApplicationLifetime lifetime) =>
        !lifetime.ApplicationStopping.IsCancellationRequested
        && silo.Services is { } services
        && services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members
            .TryGetValue(services.GetRequiredService<ILocalSiloDetails>().SiloAddress, out var self)
        && self.Status == SiloStatus.Active
            ? Results.Text("ready")
            : Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);

    /// <summary>The silos that this one knows, and how many grains are active on each; with <c>?type=</c>, which ones here.</summary>
    private static async Task<IResult> GetActivationsAsync(InnerHost silo, string? type)
    {
        if (silo.Services is not { } services)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        var management = services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        var self = services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        if (type is not null)
        {
            var here = await management.GetDetailedGrainStatistics(null, [self]);
            return Results.Json(here.Select(grain => grain.GrainId).Where(grain => grain.Type.ToString() == type)
                .Select(grain => grain.Key.ToString()).Distinct());
        }

        var members = services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active).ToList();
        var counts = (await management.GetSimpleGrainStatistics([.. members.Select(member => member.SiloAddress)]))
            .Where(count => !count.GrainType.StartsWith("Orleans.", StringComparison.Ordinal))
            .GroupBy(count => count.SiloAddress).ToDictionary(counts => counts.Key, counts => counts.Sum(count => count.ActivationCount));
        return Results.Json(new
        {
            silos = members.Select(member => new
            {
                address = member.SiloAddress.ToString(),
                name = member.Name,
                status = member.Status.ToString(),
                activations = counts.GetValueOrDefault(member.SiloAddress),
            }),
        });
    }

    /// <summary>Lets all silos go of the grains that do nothing now; whoever asks for one next finds it wherever there is room.</summary>
    private static async Task<IResult> CollectAsync(InnerHost silo)
    {
        if (silo.Services is not { } services)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        await services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        return Results.NoContent();
    }

    private static async Task<IHost> BuildAsync(IServiceProvider outer, CancellationToken cancellationToken)
    {
        var (settings, postgres) = (outer.GetRequiredService<ClusterSettings>(), outer.GetRequiredService<NpgsqlDataSource>());
        if (settings.MigratesByItself)
        {
            await PostgresSchema.MigrateAsync(postgres, grantTo: null, cancellationToken);
        }
        else if (!await PostgresSchema.IsCurrentAsync(postgres, cancellationToken))
        {
            throw new InvalidOperationException("the database has no schema or an old one: run the command migrate");
        }

        // Redis first: without it the silo would start half, and Orleans would take that for the end of the process.
        var redis = outer.GetRequiredService<RedisMembership>();
        await (await redis.ConnectAsync()).GetDatabase().PingAsync();

        var configuration = new ConfigurationManager();
        configuration.AddConfiguration(outer.GetRequiredService<IConfiguration>());
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, Configuration = configuration });
        builder.Services.AddSingleton(outer.GetRequiredService<ILoggerFactory>());
        builder.Services.AddSingleton<IHostLifetime, InnerLifetime>();
        builder.UseOrleans(silo => silo.AddClusterSilo(settings, redis, postgres));
        return builder.Build();
    }
}
