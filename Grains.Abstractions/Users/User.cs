using Lms.Grains.Abstractions.Readers;

namespace Lms.Grains.Abstractions.Users;

/// <summary>The account with which a reader, a librarian or an administrator signs in.</summary>
[GenerateSerializer, Immutable, Alias("lms.user")]
public sealed record User
{
    [Id(0)] public required UserId Id { get; init; }

    [Id(1)] public required string Username { get; init; }

    [Id(2)] public required string FullName { get; init; }

    [Id(3)] public required string[] Roles { get; init; }

    [Id(4)] public bool IsEnabled { get; init; } = true;

    /// <summary>Tokens of an older version are refused.</summary>
    [Id(5)] public int TokenVersion { get; init; }

    /// <summary>The reader behind this user, if there is one; fixed at registration.</summary>
    [Id(6)] public ReaderNumber? Reader { get; init; }
}

/// <summary>A user with the hash that a password is checked against.</summary>
[GenerateSerializer, Immutable, Alias("lms.credentials")]
public sealed record Credentials([property: Id(0)] User User, [property: Id(1)] string PasswordHash);

/// <summary>Roles as the contract names them. None includes another.</summary>
public static class Roles
{
    public const string Reader = "READER";
    public const string Librarian = "LIBRARIAN";
    public const string Admin = "ADMIN";

    public static bool IsKnown(string role) => role is Reader or Librarian or Admin;
}
