using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Users;

/// <summary>What may be done to users, once the request has been understood.</summary>
internal sealed class UserCommands(
    IGrainFactory grains, GrainCalls calls, Commands commands, PasswordHasher passwords, Revocations revocations)
{
    public Task<IResult> RegisterAsync(HttpContext http, RegisterRequest body, CancellationToken cancellationToken) =>
        commands.RunAsync(
            http,
            async context =>
            {
                var hash = await passwords.HashAsync(body.Password!, cancellationToken);
                var command = new RegisterUser(context.Operation, body.Name, hash, [body.Role!]);
                var registered = await calls.WriteAsync(
                    grains.Login(Username.Of(body.Username!)),
                    (grain, token) => grain.RegisterAsync(command, token),
                    cancellationToken);
                return registered.IsAccepted ? await GetAsync(registered.Value.User, cancellationToken) : registered.Rejection;
            },
            user => user.Id.ToString(),
            id => GetAsync(UserId.Of(id), cancellationToken),
            user => Task.FromResult(Answer(user)));

    public async Task<IResult> ChangeAsync(
        HttpContext http, UserId id, ChangeUserRequest body, CancellationToken cancellationToken)
    {
        if (body.Check() is { } refusal)
        {
            return refusal;
        }

        return await commands.RunAsync(
            http,
            async context =>
            {
                var known = await GetEnabledAsync(id, cancellationToken);
                if (!known.IsAccepted)
                {
                    return known;
                }

                var changes = new UserChanges
                {
                    FullName = body.Name,
                    Username = body.Username is null ? null : Username.Of(body.Username),
                    PasswordHash = body.Password is null ? null : await passwords.HashAsync(body.Password, cancellationToken),
                    Roles = body.Authorities,
                };
                return Told(await ChangeAsync(known.Value, context.Operation, changes, cancellationToken));
            },
            user => user.Id.ToString(),
            _ => GetAsync(id, cancellationToken),
            user => Task.FromResult(Answer(user)));
    }

    public Task<IResult> DisableAsync(HttpContext http, UserId id, CancellationToken cancellationToken) =>
        commands.RunAsync(
            http,
            async context => Told(await calls.WriteAsync(
                grains.User(id), (grain, token) => grain.DisableAsync(context.Operation, token), cancellationToken)),
            user => user.Id.ToString(),
            _ => GetAsync(id, cancellationToken),
            user => Task.FromResult(Answer(user)));

    /// <summary>A disabled user is as good as none.</summary>
    public async Task<Result<User>> GetEnabledAsync(UserId id, CancellationToken cancellationToken)
    {
        var user = await GetAsync(id, cancellationToken);
        return user is { IsAccepted: true, Value.IsEnabled: false } ? UserRejections.Unknown(id) : user;
    }

    public static IResult Answer(Result<User> user) => user.IsAccepted
        ? TypedResults.Json(new UserView(user.Value.Id.ToString(), user.Value.Username, user.Value.FullName))
        : ContractErrors.Of(user.Rejection);

    private Task<Result<User>> GetAsync(UserId id, CancellationToken cancellationToken) =>
        calls.ReadAsync(grains.User(id), (grain, token) => grain.GetAsync(token), cancellationToken);

    // Whatever tokens a change has made worthless are refused before anybody hears that it is done.
    private Result<User> Told(Result<User> changed)
    {
        if (changed.IsAccepted)
        {
            revocations.Revoke(changed.Value);
        }

        return changed;
    }

    // A user with a reader is changed through the reader, which keeps a copy of the name.
    private async Task<Result<User>> ChangeAsync(
        User user, Operation operation, UserChanges changes, CancellationToken cancellationToken)
    {
        if (user.Reader is not { } reader)
        {
            return await calls.WriteAsync(
                grains.User(user.Id), (grain, token) => grain.ChangeAsync(new(operation, changes), token), cancellationToken);
        }

        var command = new ChangeReader { Operation = operation, Identity = changes };
        var changed = await calls.WriteAsync(
            grains.Reader(reader), (grain, token) => grain.ChangeAsync(command, token), cancellationToken);
        return changed.IsAccepted ? await GetAsync(user.Id, cancellationToken) : changed.Rejection;
    }
}
