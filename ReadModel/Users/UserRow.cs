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
}
