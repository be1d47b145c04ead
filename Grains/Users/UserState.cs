using System.Text.Json.Serialization;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Infrastructure;
using Lms.Grains.Verification;
using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Users;

namespace Lms.Grains.Users;

[GenerateSerializer, Alias("lms.user-state")]
internal sealed record UserState : State, IProjected<UserState>, ICompared<UserState>
{
    public const string Name = "user";

    [Id(0)] public User? User { get; init; }

    [Id(1)] public string PasswordHash { get; init; } = "";

    /// <summary>The operation that claimed the username for this user.</summary>
    [Id(2)] public Guid UsernameClaim { get; init; }

    /// <summary>Since when tokens of older versions are refused.</summary>
    [Id(3)] public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>A change to another username that is not finished.</summary>
    [Id(4)] public Renaming? Renaming { get; init; }

    static string IProjected<UserState>.StateName => Name;

    static string ICompared<UserState>.StateName => Name;

    public static void Tell(Facts facts, string key, UserState state, DateTimeOffset writtenAt)
    {
        if (state.User is { } user)
        {
            facts.Users.Add(new(
                UserId.Of(key[UserGrains.UserPrefix.Length..]),
                user.Username,
                user.Reader,
                state.Renaming is { } renaming ? [renaming.OldUsername?.Email, renaming.Change.Changes.Username?.Email] : null,
                writtenAt));
        }
    }

    public static Projection? Project(string key, long rowVersion, UserState state) =>
        state.User is not { } user
            ? null
            : new UserRow
            {
                Key = key,
                RowVersion = rowVersion,
                UnfinishedSince = state.Renaming?.StartedAt,
                Id = user.Id.Value,
                Username = user.Username,
                FullName = user.FullName,
                FullNameFolded = Folding.Fold(user.FullName),
                Roles = string.Join(' ', user.Roles),
                Enabled = user.IsEnabled,
                TokenVersion = user.TokenVersion,
                RevokedAt = state.RevokedAt,
                PasswordHash = state.PasswordHash,
                Reader = user.Reader?.ToString(),
            };
}

/// <summary>A change to another username: claim the new one, change the user, release the old one.</summary>
/// <param name="Change">The change as asked.</param>
/// <param name="StartedAt">When it was asked.</param>
/// <param name="OldUsername">Given up at the end; null until the user has changed.</param>
/// <param name="OldClaim">The operation that had claimed it.</param>
[GenerateSerializer, Immutable, Alias("lms.renaming")]
internal sealed record Renaming(ChangeUser Change, DateTimeOffset StartedAt, Username? OldUsername = null, Guid OldClaim = default);

[GenerateSerializer, Alias("lms.login-state")]
internal sealed record LoginState : State, IProjected<LoginState>, ICompared<LoginState>
{
    public const string Name = "login";

    /// <summary>Whose username it is; null when it is nobody's.</summary>
    [Id(0)] public UserId? User { get; init; }

    /// <summary>The operation that claimed it.</summary>
    [Id(1)] public Guid Claim { get; init; }

    /// <summary>The reader that was registered with the user.</summary>
    [Id(2)] public Abstractions.Readers.ReaderNumber? Reader { get; init; }

    /// <summary>A registration whose user may not exist yet.</summary>
    [Id(3)] public RegisterUser? Registration { get; init; }

    [Id(4)] public DateTimeOffset? ClaimedAt { get; init; }

    static string IProjected<LoginState>.StateName => Name;

    static string ICompared<LoginState>.StateName => Name;

    public static void Tell(Facts facts, string key, LoginState state, DateTimeOffset writtenAt) =>
        facts.Logins.Add(new(
            key[UserGrains.LoginPrefix.Length..], state.User, state.Reader, state.Registration is not null, writtenAt));

    public static Projection? Project(string key, long rowVersion, LoginState state) => new LoginRow
    {
        Key = key,
        RowVersion = rowVersion,
        UnfinishedSince = state.Registration is null ? null : state.ClaimedAt,
        Username = key[UserGrains.LoginPrefix.Length..],
        UserId = state.User?.Value,
    };
}

[GenerateSerializer, Alias("lms.forbidden-words-state")]
internal sealed record ForbiddenWordsState : State
{
    public const string Name = "forbidden-words";

    [Id(0)] public string[] Words { get; init; } = [];
}

[GenerateSerializer, Alias("lms.key-ring-state")]
internal sealed record KeyRingState : State
{
    public const string Name = "key-ring";

    [Id(0)] public SigningKey[] Keys { get; init; } = [];

    [Id(1)] public RevokedKey[] Revoked { get; init; } = [];

    [JsonIgnore]
    public KeyRing Ring => new(Keys, Revoked);
}
