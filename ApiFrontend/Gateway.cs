using System.Text.Encodings.Web;
using Lms.ApiFrontend.Books;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Lendings;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Photos;
using Lms.ApiFrontend.Readers;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
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
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Scalar.AspNetCore;

namespace Lms.ApiFrontend;

/// <summary>The gateway: what it needs, and the order in which a request passes through it.</summary>
internal static class Gateway
{
    /// <summary>No body is larger: a photo of 20000 bytes with all its fields fits many times.</summary>
    public const int MaxRequestBody = 1024 * 1024;

    /// <summary>Adds the gateway; whoever hosts it adds grains, a read model, a calendar and a master key.</summary>
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBody;
        });

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ResilienceOptions>().BindConfiguration(ResilienceOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ResilienceOptions>, ResilienceOptionsValidator>();
        services.AddOptions<SuggestionOptions>().BindConfiguration(SuggestionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SuggestionOptions>, SuggestionOptionsValidator>();
        services.AddOptions<QuoteOptions>().BindConfiguration(QuoteOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<QuoteOptions>, QuoteOptionsValidator>();
        services.AddHttpClient();
        services.AddSingleton<GrainCalls>();
        services.AddSingleton<OptionalCalls>();
        services.AddSingleton<Commands>();
        services.AddSingleton<PhotoStore>();
        services.AddSingleton<BookReads>();
        services.AddSingleton<ReaderReads>();
        services.AddSingleton<LendingReads>();
        services.AddSingleton<UserCommands>();
        services.AddSingleton<Quotes>();
        services.AddLmsAuthentication();

        services.TryAddSingleton<AuthorQueries>();
        services.TryAddSingleton<BookQueries>();
        services.TryAddSingleton<BookExportQueries>();
        services.AddCatalogue();
        services.TryAddSingleton<IUploads, GrainUploads>();
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
            options.MultipartBodyLengthLimit = MaxRequestBody;
        });
        services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders =
            ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto
            | ForwardedHeaders.XForwardedPrefix);
        services.AddCors(options => options.AddDefaultPolicy(policy => policy
            .WithOrigins(builder.Configuration.GetSection("Lms:Cors:Origins").Get<string[]>() ?? [])
            .AllowAnyHeader()
            .AllowAnyMethod()
            .WithExposedHeaders("Authorization", "ETag", "Location", ContractErrors.CodeHeader)));
        return builder;
    }

    public static WebApplication UseGateway(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseExceptionHandler();
        app.Use(AnswerHeadLikeGetAsync);
        app.UseRouting();
        app.UseCors();
        app.Use(RememberBodyAsync);
        app.UseWhen(http => http.GetEndpoint() is not RouteEndpoint, unknown => unknown.UseStatusCodePages());
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapOpenApi("/api-docs").AllowAnonymous();
        app.MapScalarApiReference("/swagger-ui", options => options.WithOpenApiRoutePattern("/api-docs")).AllowAnonymous();
        app.MapLms();
        return app;
    }

    // HEAD is GET without the body; the server leaves the body out.
    private static Task AnswerHeadLikeGetAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Request.Method = HttpMethods.Get;
        }

        return next(http);
    }

    // What a key is compared by includes the body, which is read a second time for it.
    private static Task RememberBodyAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.ContainsKey(Commands.Header)
            && http.GetEndpoint()?.Metadata.GetMetadata<StreamedBody>() is null)
        {
            http.Request.EnableBuffering(bufferThreshold: MaxRequestBody);
        }

        return next(http);
    }
}
