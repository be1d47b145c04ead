using Lms.Grains.Abstractions.Readers;

namespace Lms.Grains.Abstractions.Users;

/// <summary>Creates a user under a username: all or nothing.</summary>
/// <param name="PasswordHash">Never the password: the gateway hashes.</param>
/// <param name="Reader">The reader that is being registered with the user, if there is one.</param>
[GenerateSerializer, Immutable, Alias("lms.register-user")]
public sealed record RegisterUser(
    Operation Operation,
    string? FullName,
    string PasswordHash,
    string[] Roles,
    ReaderNumber? Reader = null);

/// <summary>First write of a user; the login that registers the user sends it.</summary>
[GenerateSerializer, Immutable, Alias("lms.create-user")]
public sealed record CreateUser(
    Operation Operation,
    Username Username,
    string FullName,
    string PasswordHash,
    string[] Roles,
    ReaderNumber? Reader);

/// <summary>What may change of a user; null leaves it.</summary>
[GenerateSerializer, Immutable, Alias("lms.user-changes")]
public sealed record UserChanges
{
    [Id(0)] public string? FullName { get; init; }

    [Id(1)] public Username? Username { get; init; }

    [Id(2)] public string? PasswordHash { get; init; }

    [Id(3)] public string[]? Roles { get; init; }

    public bool IsEmpty => FullName is null && Username is null && PasswordHash is null && Roles is null;
}

[GenerateSerializer, Immutable, Alias("lms.change-user")]
public sealed record ChangeUser(Operation Operation, UserChanges Changes);

/// <summary>What a registration made.</summary>
[GenerateSerializer, Immutable, Alias("lms.registration")]
public sealed record Registration(UserId User, ReaderNumber? Reader);

/// <summary>How a registration would end, without performing it.</summary>
/// <param name="Refusal">Why it would be refused; null when it would not.</param>
/// <param name="Earlier">What the same operation has made already; null when it has not begun.</param>
[GenerateSerializer, Immutable, Alias("lms.registration-check")]
public sealed record RegistrationCheck(Rejection? Refusal, Registration? Earlier);

/// <summary>Who a username belongs to.</summary>
[GenerateSerializer, Immutable, Alias("lms.login")]
public sealed record Login(UserId User);

/// <summary>Words that no reader's or user's name may contain.</summary>
[GenerateSerializer, Immutable, Alias("lms.forbidden-words")]
public sealed record ForbiddenWords(string[] Words);
