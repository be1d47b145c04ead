using System.Globalization;
using System.Security.Claims;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions.Changes;
using Lms.Grains.Abstractions.Users;
using Microsoft.AspNetCore.Http.Features;

namespace Lms.ApiFrontend.Changes;

internal static class ChangeEndpoints
{
    public static void MapChanges(this IEndpointRouteBuilder api) =>
        api.MapGet("/changes", FollowAsync).WithName("FollowChanges").WithTags("Changes").For(Roles.Librarian, Roles.Admin)
            .WithSummary("What is committed, as it happens: server-sent events, for as long as the token is good.")
            .WithDescription(
                """
                Each event `change` tells {entity, id, version, at} of something to read again; never what changed. The version
                is that of storage: a later change of the same thing has a greater one. It is not the ETag. Events may be late,
                come twice, come in another order or be lost: nothing may depend on them but when to look.

                An event `gap` says that changes may be missing up to here: read again whatever you show. It is the first event
                of every connection, so a client that reconnects has nothing to ask for. Its data {"live":false} says that
                changes are not told at the moment; another gap with {"live":true} follows when they are.

                Comments every 15 seconds keep the connection open. A client that does not read fast enough is disconnected.
                """)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream").RefusesWithProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> FollowAsync(
        string[]? entity,
        HttpContext http,
        LiveChanges changes,
        Revocations revocations,
        IHostApplicationLifetime lifetime,
        TimeProvider clock)
    {
        entity ??= [];
        if (entity.Except(ChangeFeed.Entities).Any())
        {
            return Problems.Invalid(
                "entity-unknown", $"An entity is one of {string.Join(", ", ChangeFeed.Entities)}.", nameof(entity));
        }

        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no"; // a proxy that collects events would keep them
        http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        if (http.Features.Get<HeadRequest>() is not null)
        {
            return Results.Empty;
        }

        using var expiry = new CancellationTokenSource(ToExpiry(http.User, clock), clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            expiry.Token, lifetime.ApplicationStopping, http.RequestAborted);
        using var listener = changes.Listen(entity);
        try
        {
            await WriteAsync(http.Response, Frame.Retry, end.Token);
            await WriteAsync(http.Response, Frame.Gap(changes.IsLive), end.Token);
            await foreach (var frame in listener.ReadAsync(end.Token))
            {
                if (IsRevoked(http.User, revocations))
                {
                    break;
                }

                await WriteAsync(http.Response, frame, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client left, its token ended, or this gateway does: the client comes again, perhaps to another one.
        }

        return Results.Empty;
    }

    private static async Task WriteAsync(HttpResponse response, Frame frame, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(frame.Bytes, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private static TimeSpan ToExpiry(ClaimsPrincipal user, TimeProvider clock)
    {
        var seconds = long.Parse(user.FindFirstValue("exp")!, CultureInfo.InvariantCulture);
        var left = DateTimeOffset.FromUnixTimeSeconds(seconds) - clock.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static bool IsRevoked(ClaimsPrincipal user, Revocations revocations) =>
        Principal.UserOf(user) is not { } id || revocations.AreRevoked(id, Principal.VersionOf(user));
}
