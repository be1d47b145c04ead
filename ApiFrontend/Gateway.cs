using System.Text.Encodings.Web;
using Lms.ApiFrontend.Alarms;
using Lms.ApiFrontend.Authors;
using Lms.ApiFrontend.Books;
using Lms.ApiFrontend.Cache;
using Lms.ApiFrontend.Changes;
using Lms.ApiFrontend.Cluster;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Genres;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Journal;
using Lms.ApiFrontend.Lendings;
using Lms.ApiFrontend.Maintenance;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Overload;
using Lms.ApiFrontend.Photos;
using Lms.ApiFrontend.Readers;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Status;
using Lms.ApiFrontend.Users;
using Lms.Catalogue;
using Lms.Grains.Abstractions.Imports;
using Lms.ReadModel.Authors;
using Lms.ReadModel.Books;
using Lms.ReadModel.Genres;
using Lms.ReadModel.Imports;
using Lms.ReadModel.Lendings;
using Lms.ReadModel.Readers;
using Lms.ReadModel.Users;
using Lms.ServiceDefaults;
using Lms.Silo.Cluster;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Scalar.AspNetCore;

namespace Lms.ApiFrontend;

/// <summary>The gateway: what it needs, and the order in which a request passes through it.</summary>
internal static class Gateway
{
    /// <summary>Adds the gateway; whoever hosts it adds grains, a read model, a calendar and a master key.</summary>
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(RequestLimits.Apply);

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<SuggestionOptions>().BindConfiguration(SuggestionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SuggestionOptions>, SuggestionOptionsValidator>();
        services.AddOptions<QuoteOptions>().BindConfiguration(QuoteOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<QuoteOptions>, QuoteOptionsValidator>();
        services.AddHttpClient();
        services.AddSingleton<OptionalCalls>();
        services.AddSingleton<Commands>();
        services.AddSingleton<PhotoStore>();
        services.AddOverload();
        services.AddCatalogueCache();
        services.AddSingleton<AuthorReads>();
        services.AddSingleton<BookReads>();
        services.AddSingleton<GenreReads>();
        services.AddSingleton<ReaderReads>();
        services.AddSingleton<LastLendings>();
        services.AddSingleton<LendingReads>();
        services.AddSingleton<DeskReturns>();
        services.AddReturnJournal();
        services.AddSingleton<UserCommands>();
        services.AddSingleton<CredentialReads>();
        services.AddSingleton<SignIn>();
        services.AddBootstrap();
        services.AddLiveChanges();
        services.AddSingleton<Quotes>();
        services.AddLmsAuthentication();
        services.AddMaintenance();
        services.AddStatus();
        services.AddAlarms(builder.Configuration);

        services.TryAddSingleton<AuthorQueries>();
        services.TryAddSingleton<BookQueries>();
        services.TryAddSingleton<BookExportQueries>();
        services.AddCatalogue();
        services.TryAddSingleton<IUploads, GrainUploads>(); // whoever shares a disk with the silo has a quicker one
        services.TryAddSingleton<CopyQueries>();
        services.TryAddSingleton<FullTextQueries>();
        services.TryAddSingleton<GenreQueries>();
        services.TryAddSingleton<ImportQueries>();
        services.TryAddSingleton<LendingQueries>();
        services.TryAddSingleton<ReaderQueries>();
        services.TryAddSingleton<UserQueries>();

        services.AddProblemDetails();
        services.AddExceptionHandler<UnansweredErrors>();
        services.AddOpenApi(options => options.AddLmsDocument());
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<FormOptions>(options =>
        {
            options.ValueLengthLimit = 64 * 1024;
            options.ValueCountLimit = 1000;
            options.MultipartBodyLengthLimit = RequestLimits.MaxBody;
        });
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            options.SerializerOptions.MaxDepth = RequestLimits.MaxJsonDepth;
        });
        ProxyOptions.AddTo(services);
        services.AddCors(options => options.AddDefaultPolicy(policy => policy
            .WithOrigins(builder.Configuration.GetSection("Lms:Cors:Origins").Get<string[]>() ?? [])
            .AllowAnyHeader()
            .AllowAnyMethod()
            .WithExposedHeaders(
                "Authorization", "ETag", "Location", "Age", "Cache-Status", "Retry-After", ContractErrors.CodeHeader, Degradation.Header)));
        return builder;
    }

    /// <summary>Puts it together; throws <see cref="WrongSettingException"/> before anything is made of a setting that cannot be meant.</summary>
    public static WebApplication UseGateway(this WebApplication app)
    {
        WrongSettingException.ThrowIfAny(app.Services);
        if (app.Services.GetService<Drain>() is { } drain)
        {
            app.Use(drain.UseAsync);
        }

        var cluster = app.Services.GetService<ClusterSettings>();
        if (cluster is not null)
        {
            app.UseMetrics(cluster.InternalPorts);
        }

        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.Use(app.Services.GetRequiredService<RequestCounting>().UseAsync);
        app.UseExceptionHandler();
        app.Use(AnswerHeadLikeGetAsync);
        app.Use(RequestTime.UseAsync);
        app.UseRouting();
        if (cluster is { HasDashboard: true })
        {
            app.UseDashboard(cluster.InternalPorts);
        }

        app.Use(app.Services.GetRequiredService<Admission>().UseAsync);
        app.Use(Degradation.UseAsync);
        app.UseRequestLimits();
        app.UseCors();
        app.Use(RememberBodyAsync);
        app.UseWhen(http => http.GetEndpoint() is not RouteEndpoint, unknown => unknown.UseStatusCodePages());
        app.UseAuthentication();
        app.Use(app.Services.GetRequiredService<RateLimits>().UseAsync);
        app.UseAuthorization();
        app.Use(AdministratorsOnly.UseAsync);
        app.Use(app.Services.GetRequiredService<MaintenanceGate>().UseAsync);
        app.MapOpenApi("/api-docs").AllowAnonymous();
        app.MapScalarApiReference(
            SecurityHeaders.DocumentationPath,
            options => options.WithOpenApiRoutePattern("/api-docs").DisableDefaultFonts()).AllowAnonymous();
        app.MapLms();
        if (cluster is { HasDashboard: true })
        {
            app.MapDashboard();
        }

        return app;
    }

    // HEAD is GET without the body; the server leaves the body out.
    private static Task AnswerHeadLikeGetAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Request.Method = HttpMethods.Get;
            http.Features.Set(new HeadRequest());
        }

        return next(http);
    }

    // What a key is compared by includes the body, which is read a second time for it.
    private static Task RememberBodyAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.ContainsKey(Commands.Header)
            && http.GetEndpoint()?.Metadata.GetMetadata<StreamedBody>() is null)
        {
            http.Request.EnableBuffering(bufferThreshold: RequestLimits.MaxBody);
        }

        return next(http);
    }
}

/// <summary>Request feature: it was HEAD, so that an answer without an end need not begin.</summary>
internal sealed record HeadRequest;
