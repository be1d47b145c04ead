using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Users;

/// <summary>What a user may be. Pure: the same state, command and instant give the same decision.</summary>
internal static class UserRules
{
    public static Result<UserState> Create(UserState state, UserId id, CreateUser command, DateTimeOffset now) =>
        state switch
        {
            _ when state.Knows(command.Operation) => state,
            { User: not null } => UserRejections.UsernameTaken,
            _ => (state with
            {
                PasswordHash = command.PasswordHash,
                UsernameClaim = command.Operation.Id,
                User = new()
                {
                    Id = id,
                    Username = command.Username.Email,
                    FullName = command.FullName,
                    Roles = command.Roles,
                    Reader = command.Reader,
                },
            }).Stamped(command.Operation, now),
        };

    /// <summary>Judges a change by everything but whether the username is free.</summary>
    public static Rejection? CheckChange(
        UserState state, UserId id, UserChanges changes, IReadOnlyCollection<string> forbiddenWords) => state switch
        {
            { User: null } or { User.IsEnabled: false } => UserRejections.Unknown(id),
            _ when changes.FullName is { } name && NameRules.Check(name, forbiddenWords) is { } refusal => refusal,
            _ when changes.Roles is { } roles && !AreKnown(roles) => UserRejections.RoleUnknown,
            _ => null,
        };

    public static bool AreKnown(string[] roles) => roles.Length > 0 && Array.TrueForAll(roles, Roles.IsKnown);

    /// <summary>Changes everything at once; another username is claimed before and the old one released after.</summary>
    public static UserState Change(UserState state, ChangeUser command, DateTimeOffset now)
    {
        var (user, changes) = (state.User!, command.Changes);
        var roles = changes.Roles?.Distinct().ToArray() ?? user.Roles;
        var losesRole = user.Roles.Except(roles).Any();
        var isRenamed = changes.Username is { } username && username.Email != user.Username;
        return (state with
        {
            PasswordHash = changes.PasswordHash ?? state.PasswordHash,
            RevokedAt = losesRole ? now : state.RevokedAt,
            UsernameClaim = isRenamed ? command.Operation.Id : state.UsernameClaim,
            Renaming = isRenamed
                ? new(command, state.Renaming?.StartedAt ?? now, Username.Of(user.Username), state.UsernameClaim)
                : null,
            User = user with
            {
                FullName = changes.FullName?.Trim() ?? user.FullName,
                Username = changes.Username?.Email ?? user.Username,
                Roles = roles,
                TokenVersion = user.TokenVersion + (losesRole ? 1 : 0),
            },
        }).Stamped(command.Operation, now);
    }

    public static Result<UserState> Disable(UserState state, UserId id, Operation operation, DateTimeOffset now) =>
        state switch
        {
            _ when state.Knows(operation) => state,
            { User: null } or { User.IsEnabled: false } => UserRejections.Unknown(id),
            { User: { } user } => (state with
            {
                RevokedAt = now,
                User = user with { IsEnabled = false, TokenVersion = user.TokenVersion + 1 },
            }).Stamped(operation, now),
        };
}

/// <summary>Whose a username is. Pure: the same state, command and instant give the same decision.</summary>
internal static class LoginRules
{
    public static Rejection? Check(LoginState state, RegisterUser command, IReadOnlyCollection<string> forbiddenWords) =>
        NameRules.Check(command.FullName, forbiddenWords)
        ?? (UserRules.AreKnown(command.Roles) ? null : UserRejections.RoleUnknown)
        ?? (state.User is null ? null : UserRejections.UsernameTaken);

    public static LoginState BeginRegistration(LoginState state, RegisterUser command, UserId user, DateTimeOffset now) =>
        state with
        {
            User = user,
            Claim = command.Operation.Id,
            Reader = command.Reader,
            Registration = command,
            ClaimedAt = now,
        };

    public static LoginState FinishRegistration(LoginState state, DateTimeOffset now) =>
        (state with { Registration = null }).Stamped(state.Registration!.Operation, now);

    public static Result<LoginState> Claim(LoginState state, Operation operation, UserId user, DateTimeOffset now) =>
        state switch
        {
            _ when state.Claim == operation.Id && state.User == user => state,
            { User: not null } => UserRejections.UsernameTaken,
            _ when state.Knows(operation) => UserRejections.UsernameTaken, // a late message: claimed and given up since
            _ => (state with { User = user, Claim = operation.Id, Reader = null, ClaimedAt = now }).Stamped(operation, now),
        };

    public static LoginState Release(LoginState state, Operation operation, Guid claim, DateTimeOffset now) =>
        state.User is null || state.Claim != claim
            ? state
            : (state with { User = null, Claim = default, Reader = null, Registration = null }).Stamped(operation, now);
}

/// <summary>Which words may be forbidden. Pure.</summary>
internal static class ForbiddenWordsRules
{
    public static Result<ForbiddenWordsState> Set(
        ForbiddenWordsState state, Operation operation, ForbiddenWords words, DateTimeOffset now) =>
        state.Knows(operation) ? state
        : words.Words.Length > 1000 || words.Words.Any(word => word is not { Length: >= 1 and <= 50 } || word.Any(char.IsWhiteSpace))
            ? UserRejections.WordsInvalid
            : (state with { Words = [.. words.Words.Distinct(StringComparer.OrdinalIgnoreCase)] }).Stamped(operation, now);
}
