using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Users;
using Lms.Grains.Abstractions.Users;
using Orleans.Dashboard;

namespace Lms.ApiFrontend.Cluster;

/// <summary>
/// The dashboard of Orleans, which shows administrators at the internal port how silos and grain classes do. It also knows how to
/// show the state of a grain and the log as it is written: those are about persons, and shown to nobody.
/// </summary>
internal static class OrleansDashboard
{
    public const string Path = "/dashboard";
    private const string SignInPath = Path + "/sign-in";
    private const string TokenCookie = "lms-dashboard";

    private const string SignInPage =
        """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Sign in</title></head>
        <body>
        <main>
        <h1>The dashboard is for administrators</h1>
        <form method="post">
        <p><label>Username <input name="username" type="email" autocomplete="username" required></label></p>
        <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
        <p><button>Sign in</button></p>
        </form>
        </main>
        </body>
        </html>
        """;

    // What is not listed is not there, also when a later release of Orleans has more to show.
    private static readonly string[] s_shown =
    [
        "/", "/index.html", "/favicon.ico", "/index.min.js", "/index.css", "/fonts/{**path}", "/img/{**path}", "/version",
        "/DashboardCounters", "/ClusterStats", "/HistoricalStats/{*path}", "/SiloProperties/{*address}", "/SiloMetadata/{*address}",
        "/SiloStats/{*address}", "/SiloCounters/{*address}", "/GrainStats/{*grainName}", "/TopGrainMethods", "/GrainTypes",
        "/LifecycleStages",
    ];

    public static void AddDashboard(this IServiceCollection services, IConfiguration configuration)
    {
        new Client(services, configuration).AddDashboard(options => options.HideTrace = true);

        // It listens to all that is logged, for the log that nobody is shown.
        services.Remove(services.Last(service => service.ServiceType == typeof(ILoggerProvider)));
    }

    /// <summary>After routing: elsewhere than at the internal ports there is no dashboard.</summary>
    public static void UseDashboard(this IApplicationBuilder app, IReadOnlyCollection<int> internalPorts) => app.Use((http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Shown>() is { } shown && (!shown.IsMeant || !internalPorts.Contains(http.Connection.LocalPort)))
        {
            http.SetEndpoint(null);
        }

        return next(http);
    });

    public static void MapDashboard(this IEndpointRouteBuilder app)
    {
        IEndpointConventionBuilder dashboard = app.MapOrleansDashboard(Path)
            .RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireRole(Roles.Admin))
            .WithMetadata(new AdministratorsOnly())
            .ExcludeFromDescription();
        dashboard.Add(endpoint => endpoint.Metadata.Add(new Shown(
            s_shown.Contains(((RouteEndpointBuilder)endpoint).RoutePattern.RawText![Path.Length..], StringComparer.Ordinal))));

        var signIn = app.MapGroup(SignInPath).AllowAnonymous().WithMetadata(new Shown(IsMeant: true)).ExcludeFromDescription();
        signIn.MapGet("", () => TypedResults.Content(SignInPage, "text/html; charset=utf-8"));
        signIn.MapPost("", SignInAsync);
    }

    /// <summary>Browsers bring the token in a cookie, which counts for the dashboard only: nothing there changes anything.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Path.StartsWithSegments(Path, StringComparison.Ordinal) ? request.Cookies[TokenCookie] : null;

    private static async Task<IResult> SignInAsync(HttpContext http, SignIn signIn, CancellationToken cancellationToken)
    {
        if (!http.Request.HasFormContentType)
        {
            return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        var form = await http.Request.ReadFormAsync(cancellationToken);
        if (!Username.TryParse(form["username"], out var username))
        {
            return TypedResults.StatusCode(StatusCodes.Status401Unauthorized);
        }

        var answer = await signIn.RunAsync(http, username, form["password"].ToString(), cancellationToken);
        if (http.Response.Headers.Authorization is not [{ Length: > 0 } token])
        {
            return answer;
        }

        http.Response.Headers.Authorization = default;
        http.Response.Cookies.Append(TokenCookie, token, new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            Path = Path,
        });
        http.Response.Headers.Location = Path + "/";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>Endpoint metadata: of the dashboard, and whether anybody is meant to see it.</summary>
    private sealed record Shown(bool IsMeant);

    /// <summary>Grains come from the gateway's own client.</summary>
    private sealed record Client(IServiceCollection Services, IConfiguration Configuration) : IClientBuilder;
}
