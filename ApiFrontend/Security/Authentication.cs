using System.Security.Claims;
using Lms.ApiFrontend.Cluster;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions.Users;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Lms.ApiFrontend.Security;

/// <summary>Tokens: issued here, checked here, by the keys of the ring.</summary>
internal static class Authentication
{
    public static IServiceCollection AddLmsAuthentication(this IServiceCollection services)
    {
        services.AddOptions<PasswordOptions>().BindConfiguration(PasswordOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PasswordOptions>, PasswordOptionsValidator>();
        services.AddSingleton<PasswordHasher>();
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SignInOptions>, SignInOptionsValidator>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<SignInLog>();
        services.AddSigningKeys();
        services.AddHostedService(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<Revocations>();
        services.AddHostedService(provider => provider.GetRequiredService<Revocations>());
        services.AddSingleton<Tokens>();

        // Comes with authentication; nothing here uses it, so it must not leave keys on the disk.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<SigningKeys, Revocations, SignInLog, IOptions<TokenOptions>, TimeProvider>(Configure);
        services.AddAuthorization();
        return services;
    }

    /// <summary>The key ring and how to reach it; whoever hosts it adds grains and a master key.</summary>
    public static IServiceCollection AddSigningKeys(this IServiceCollection services)
    {
        services.AddOptions<TokenOptions>().BindConfiguration(TokenOptions.Section).ValidateOnStart();
        services.AddOptions<KeyOptions>().BindConfiguration(KeyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TokenOptions>, TokenOptionsValidator>();
        services.AddSingleton<IValidateOptions<KeyOptions>, KeyOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IGatewayNotes>(provider => provider.GetService<CacheRedis>() is { } redis
            ? ActivatorUtilities.CreateInstance<RedisNotes>(provider, redis)
            : new NoNotes());
        services.AddSingleton<KeyCopies>();
        services.AddResilience();
        return services.AddSingleton<SigningKeys>();
    }

    private static void Configure(
        JwtBearerOptions bearer,
        SigningKeys keys,
        Revocations revocations,
        SignInLog log,
        IOptions<TokenOptions> options,
        TimeProvider clock)
    {
        var tokens = options.Value;
        bearer.MapInboundClaims = false;
        bearer.IncludeErrorDetails = false;
        bearer.TimeProvider = clock;
        bearer.TokenValidationParameters = new()
        {
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidIssuer = tokens.Issuer,
            ValidateAudience = tokens.Audience.Length > 0,
            ValidAudience = tokens.Audience,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (_, expires, _, _) => expires > clock.GetUtcNow().UtcDateTime,
            NameClaimType = Principal.SubjectClaim,
            RoleClaimType = ClaimTypes.Role,
            IssuerSigningKeyResolver = (_, _, _, _) => keys.PublicKeys,
        };
        bearer.Events = new()
        {
            OnMessageReceived = context =>
            {
                var token = TokenOf(context.Request);
                if (token is null)
                {
                    token = context.Token = OrleansDashboard.TokenOf(context.Request);
                }

                return token is not null && KeyIdOf(token) is { } keyId
                    ? keys.LearnAsync(keyId, context.HttpContext.RequestAborted)
                    : Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                var principal = context.Principal!;
                if (Principal.UserOf(principal) is not { } user || revocations.AreRevoked(user, Principal.VersionOf(principal)))
                {
                    context.Fail("revoked");
                    return Task.CompletedTask;
                }

                var roles = principal.FindFirstValue(Principal.RolesClaim)?.Split(' ') ?? [];
                ((ClaimsIdentity)principal.Identity!).AddClaims(roles.Select(role => new Claim(ClaimTypes.Role, role)));
                return Task.CompletedTask;
            },
            OnForbidden = context =>
            {
                var http = context.HttpContext;
                log.Denied(
                    Principal.UserOf(http.User),
                    http.Connection.RemoteIpAddress,
                    http.Request.Method,
                    (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
                context.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
                return Task.CompletedTask;
            },
        };
    }

    private static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization is [['B' or 'b', ..] header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : null;

    // Whose token it claims to be, before anything about it is believed.
    private static string? KeyIdOf(string token)
    {
        try
        {
            return new JsonWebToken(token).Kid is { Length: > 0 } keyId ? keyId : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>Issues tokens as existing clients read them.</summary>
internal sealed class Tokens(SigningKeys keys, IOptions<TokenOptions> options, TimeProvider clock)
{
    private static readonly JsonWebTokenHandler s_handler = new() { SetDefaultTimesOnTokenCreation = false };

    public string Issue(User user)
    {
        var now = clock.GetUtcNow();
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [Principal.SubjectClaim] = $"{user.Id},{user.Username}",
            [Principal.RolesClaim] = string.Join(' ', user.Roles),
            [Principal.VersionClaim] = user.TokenVersion,
        };
        if (user.Reader is { } reader)
        {
            claims[Principal.ReaderClaim] = reader.ToString();
        }

        return s_handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Value.Issuer,
            Audience = options.Value.Audience.Length > 0 ? options.Value.Audience : null,
            IssuedAt = now.UtcDateTime,
            Expires = (now + options.Value.Lifetime).UtcDateTime,
            Claims = claims,
            SigningCredentials = keys.Signing,
        });
    }

    /// <summary>The public keys, as RFC 7517 writes them.</summary>
    public static object KeySet(SigningKeys keys) => new
    {
        keys = keys.PublicKeys.Select(key => new
        {
            kty = "RSA",
            use = "sig",
            alg = SecurityAlgorithms.RsaSha256,
            kid = key.KeyId,
            n = Base64UrlEncoder.Encode(key.Parameters.Modulus),
            e = Base64UrlEncoder.Encode(key.Parameters.Exponent),
        }),
    };
}
