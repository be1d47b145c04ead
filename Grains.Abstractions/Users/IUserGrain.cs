using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Users;

/// <summary>One user: the only authority for credentials, roles and whether the user may sign in.</summary>
[Alias("lms.user-grain")]
public interface IUserGrain : IGrainWithStringKey, IResumable
{
    [Alias("create")]
    Task<Result<User>> CreateAsync(CreateUser command, CancellationToken cancellationToken = default);

    /// <summary>Drives a change, and the claim of another username, to the end, through crashes.</summary>
    /// <remarks>A user with a reader is changed through the reader, which keeps a copy of the name.</remarks>
    [Alias("change")]
    Task<Result<User>> ChangeAsync(ChangeUser command, CancellationToken cancellationToken = default);

    /// <summary>Ends every session of the user and lets nobody sign in again. The username stays taken.</summary>
    [Alias("disable")]
    Task<Result<User>> DisableAsync(Operation operation, CancellationToken cancellationToken = default);

    /// <summary>Replaces a hash by a stronger one of the same password; does nothing if the password has changed since.</summary>
    [Alias("rehash")]
    Task RehashAsync(string oldHash, string newHash, CancellationToken cancellationToken = default);

    [Alias("get"), ReadOnly]
    Task<Result<User>> GetAsync(CancellationToken cancellationToken = default);

    [Alias("get-credentials"), ReadOnly]
    Task<Result<Credentials>> GetCredentialsAsync(CancellationToken cancellationToken = default);
}

/// <summary>One username: the only authority for whose it is.</summary>
[Alias("lms.login-grain")]
public interface ILoginGrain : IGrainWithStringKey, IResumable
{
    /// <summary>Tells how a registration would end, so that nothing is spent on one that would be refused.</summary>
    [Alias("check")]
    Task<RegistrationCheck> CheckAsync(RegisterUser command, CancellationToken cancellationToken = default);

    /// <summary>Drives a registration to the end, through crashes: username and user, all or nothing.</summary>
    [Alias("register")]
    Task<Result<Registration>> RegisterAsync(RegisterUser command, CancellationToken cancellationToken = default);

    /// <summary>Takes the username for a user who changes to it. <paramref name="operation"/> names the claiming process.</summary>
    [Alias("claim")]
    Task<Result<Login>> ClaimAsync(Operation operation, UserId user, CancellationToken cancellationToken = default);

    /// <summary>Gives the username up, if it is still held by this claim.</summary>
    /// <param name="operation">The operation that gives it up.</param>
    /// <param name="claim">The operation that claimed it: a late message must not release a newer claim.</param>
    /// <param name="cancellationToken">Honoured before the write.</param>
    [Alias("release")]
    Task ReleaseAsync(Operation operation, Guid claim, CancellationToken cancellationToken = default);

    [Alias("find")]
    Task<Result<Login>> FindAsync(CancellationToken cancellationToken = default);
}

/// <summary>The words that names must not contain.</summary>
[Alias("lms.forbidden-words-grain")]
public interface IForbiddenWordsGrain : IGrainWithStringKey
{
    [Alias("get"), ReadOnly]
    Task<ForbiddenWords> GetAsync(CancellationToken cancellationToken = default);

    [Alias("set")]
    Task<Result<ForbiddenWords>> SetAsync(
        Operation operation, ForbiddenWords words, CancellationToken cancellationToken = default);
}

/// <summary>The keys that sign tokens. Keeps private keys as given: encrypted by gateways, for gateways.</summary>
[Alias("lms.key-ring-grain")]
public interface IKeyRingGrain : IGrainWithStringKey
{
    [Alias("get"), ReadOnly]
    Task<KeyRing> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>Stores the first key; answers the ring as it is when there is one already.</summary>
    [Alias("ensure")]
    Task<KeyRing> EnsureAsync(SigningKey candidate, CancellationToken cancellationToken = default);

    [Alias("rotate")]
    Task<KeyRing> RotateAsync(RotateKeys command, CancellationToken cancellationToken = default);

    [Alias("revoke")]
    Task<Result<KeyRing>> RevokeAsync(RevokeKey command, CancellationToken cancellationToken = default);

    /// <summary>Forgets keys whose last token has ended.</summary>
    /// <param name="verifyFor">How long tokens are good, and a margin for clocks that differ.</param>
    /// <param name="cancellationToken">Honoured before the write.</param>
    [Alias("drop-ended")]
    Task<KeyRing> DropEndedAsync(TimeSpan verifyFor, CancellationToken cancellationToken = default);
}
