namespace Lms.Grains.Abstractions;

/// <summary>A business refusal: an expected answer, not a fault. Never retried, never counted by a circuit breaker.</summary>
/// <param name="Kind">What sort of "no" it is; the gateway derives the HTTP status from it.</param>
/// <param name="Code">Stable and machine readable; never changes once released.</param>
/// <param name="Detail">For people; may change.</param>
/// <param name="Field">The input at fault, in the words of the caller, where there is one.</param>
[GenerateSerializer, Immutable, Alias("lms.rejection")]
public sealed record Rejection(RejectionKind Kind, string Code, string Detail, string? Field = null);

/// <summary>Sorts of refusal. Numbers are stored; they never change.</summary>
public enum RejectionKind
{
    /// <summary>The input breaks a rule.</summary>
    Invalid = 0,

    /// <summary>What the command names does not exist.</summary>
    NotFound = 1,

    /// <summary>The state of the library is not what the command assumes.</summary>
    Conflict = 2,

    /// <summary>A rule of the library forbids it now, for this caller.</summary>
    Forbidden = 3,
}
