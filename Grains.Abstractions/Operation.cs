using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Abstractions;

/// <summary>Which command this is and who gives it. A repeat of a command carries the same <paramref name="Id"/>.</summary>
/// <param name="Id">Minted once by the first caller; grains answer a known id without acting twice.</param>
/// <param name="By">The user who acts; null for the public and for the system itself.</param>
[GenerateSerializer, Immutable, Alias("lms.operation")]
public readonly record struct Operation(Guid Id, UserId? By = null)
{
    /// <summary>An operation of the public or of the system.</summary>
    public static Operation New() => new(Guid.NewGuid());
}
