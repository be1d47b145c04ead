using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Users;

/// <summary>The claim on an e-mail. Nothing lists it; it is here for sign-ins without silos, and so that unfinished claims are found.</summary>
public sealed record LoginRow : Projection
{
    public override string State => "login";

    /// <summary>The e-mail, lower case.</summary>
    public required string Username { get; init; }

    /// <summary>Who signs in with it; null when it has been released.</summary>
    public long? UserId { get; init; }
}
