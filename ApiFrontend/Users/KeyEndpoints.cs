using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Users;

internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/admin/keys").WithTags("Users");

        keys.MapGet("", ListAsync).WithName("GetKeys").For(Roles.Admin)
            .WithSummary("The keys of tokens with what each is doing, newest first; revoked ones last.")
            .Answers<Wrapped<KeyView>>();
        keys.MapPost("/rotations", RotateAsync).WithName("RotateKeys").For(Roles.Admin)
            .WithSummary("Announces a new key, which signs when every gateway knows it. One that is announced already stays.")
            .Answers<KeyView>().RefusesWithProblem(400, 422);
        keys.MapDelete("/{kid}", RevokeAsync).WithName("RevokeKey").For(Roles.Admin)
            .WithSummary("Refuses every token of a key. If it was the one that signs, another one signs at once.")
            .AnswersEmpty(StatusCodes.Status204NoContent).RefusesWithProblem(400, 404, 422);
    }

    private static async Task<IResult> ListAsync(SigningKeys keys, CancellationToken cancellationToken) =>
        TypedResults.Json(new Wrapped<KeyView>(await keys.ListAsync(cancellationToken)));

    private static Task<IResult> RotateAsync(
        HttpContext http, SigningKeys keys, Commands commands, CancellationToken cancellationToken) => commands.RunAsync(
            http,
            async context => (Result<KeyView>)await keys.RotateAsync(context.Operation, cancellationToken),
            key => key.Kid,
            kid => FindAsync(kid, keys, cancellationToken),
            key => Task.FromResult(key.IsAccepted ? TypedResults.Json(key.Value) : Problems.Of(key.Rejection)));

    private static Task<IResult> RevokeAsync(
        string kid, HttpContext http, SigningKeys keys, Commands commands, CancellationToken cancellationToken) =>
        commands.RunAsync(
            http,
            context => keys.RevokeAsync(context.Operation, kid, cancellationToken),
            key => key.Kid,
            id => FindAsync(id, keys, cancellationToken),
            key => Task.FromResult(key.IsAccepted ? TypedResults.NoContent() : Problems.Of(key.Rejection)));

    private static async Task<Result<KeyView>> FindAsync(string kid, SigningKeys keys, CancellationToken cancellationToken) =>
        (await keys.ListAsync(cancellationToken)).FirstOrDefault(key => key.Kid == kid) is { } key ? key : UserRejections.KeyUnknown;
}
