using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Users;

public sealed record UserRow : Projection
{
    public override string State => "user";

    public required long Id { get; init; }

    /// <summary>The e-mail, lower case.</summary>
    public required string Username { get; init; }

    public required string FullName { get; init; }

    public required string FullNameFolded { get; init; }

    /// <summary>Names of roles, joined by spaces.</summary>
    public required string Roles { get; init; }

    public required bool Enabled { get; init; }

    public required int TokenVersion { get; init; }

    /// <summary>When tokens of this user were last made worthless.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>What a password is checked against when no silo answers. No search and no list reads it.</summary>
    public required string PasswordHash { get; init; }

    /// <summary>The number of the reader behind the user.</summary>
    public string? Reader { get; init; }
}
