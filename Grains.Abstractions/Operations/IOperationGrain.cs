using System.Security.Cryptography;
using System.Text;
using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Abstractions.Operations;

/// <summary>What a client's <c>Idempotency-Key</c> did. Forgotten 24 hours after it began.</summary>
[Alias("lms.operation-grain")]
public interface IOperationGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the operation, or tells what became of it. Whoever starts it has the key for <see cref="OperationGrains.Lease"/>,
    /// and keeps it by asking again before that is over.
    /// </summary>
    /// <param name="fingerprint">Of method, route and content: another one under the same key is a misuse.</param>
    /// <param name="attempt">Which request asks: one whose answer was lost may ask again and is not told to wait for itself.</param>
    /// <param name="cancellationToken">Honoured before the write.</param>
    [Alias("begin")]
    Task<OperationProgress> BeginAsync(string fingerprint, Guid attempt, CancellationToken cancellationToken = default);

    /// <summary>Stores the identity that the operation is about to use, so that a repeat after a crash uses it too.</summary>
    /// <returns>The identity to use: the first one reserved.</returns>
    [Alias("reserve")]
    Task<string> ReserveAsync(string identity, CancellationToken cancellationToken = default);

    /// <summary>Stores the outcome: an identity to read today's view of, or a refusal.</summary>
    [Alias("complete")]
    Task CompleteAsync(OperationOutcome outcome, CancellationToken cancellationToken = default);

    /// <summary>The outcome is unknown: a repeat may start at once.</summary>
    [Alias("abandon")]
    Task AbandonAsync(CancellationToken cancellationToken = default);

    /// <summary>Clears the record if it is older than 24 hours.</summary>
    [Alias("forget")]
    Task ForgetAsync(CancellationToken cancellationToken = default);
}

/// <summary>How far an operation is.</summary>
[GenerateSerializer, Immutable, Alias("lms.operation-progress")]
public sealed record OperationProgress(OperationStage Stage, OperationOutcome? Outcome = null);

/// <summary>Stages of an operation. Numbers cross releases; they never change.</summary>
public enum OperationStage
{
    /// <summary>The caller is to perform it.</summary>
    Started = 0,

    /// <summary>Another request performs it at this moment.</summary>
    Running = 1,

    /// <summary>It is done; the outcome tells how.</summary>
    Done = 2,

    /// <summary>The key was used for something else.</summary>
    Mismatch = 3,
}

/// <summary>What an operation came to: exactly one of the two.</summary>
[GenerateSerializer, Immutable, Alias("lms.operation-outcome")]
public sealed record OperationOutcome(string? Identity, Rejection? Rejection);

/// <summary>How operations are addressed. The only place that knows what their grain keys look like.</summary>
public static class OperationGrains
{
    public const string Prefix = "op:";

    /// <summary>
    /// After this time without a sign of the request that began an operation it is taken for dead, and another may perform the
    /// operation. So much shorter than the time of a write that a repeat still has time to.
    /// </summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    extension(IGrainFactory grains)
    {
        public IOperationGrain Operation(UserId? user, string idempotencyKey) =>
            grains.GetGrain<IOperationGrain>($"{Prefix}{Owner(user)}:{Hash(idempotencyKey)}");
    }

    extension(Operation)
    {
        /// <summary>The same operation for the same key of the same user, for ever.</summary>
        public static Operation Of(UserId? user, string idempotencyKey) =>
            new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{Owner(user)}:{idempotencyKey}")).AsSpan(0, 16)), user);
    }

    private static string Owner(UserId? user) => user?.ToString() ?? "anon";

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
