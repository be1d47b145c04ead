using System.Collections.Concurrent;

namespace Lms.Process.Tests.Kills;

internal enum Kind
{
    Lend,
    Return,
    Register,
    Edit,
}

/// <summary>One write: may be sent again and again, always with the same key.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="SendAsync">Sends it with its key.</param>
/// <param name="Acknowledge">Judges a definite answer and notes what it means; throws if it should not have been given.</param>
/// <param name="Doubt">Notes that the answer is not known.</param>
internal sealed record Write(
    Kind Kind, Func<HttpClientOf, Task<Answer>> SendAsync, Func<Answer, Acknowledgement> Acknowledge, Action Doubt)
{
    private readonly TaskCompletionSource known = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the definite answer.</summary>
    public Task Known => known.Task;

    /// <summary>When the write was last sent.</summary>
    public long SentAt { get; set; }

    public void Settle() => known.SetResult();
}

/// <summary>Makes a caller with that token for the server of the moment.</summary>
internal delegate Api HttpClientOf(string? token);

/// <summary>What the client was told.</summary>
/// <param name="Write">The write.</param>
/// <param name="Status">Of the answer.</param>
/// <param name="Identity">Of what was made or changed; null when the write was refused.</param>
/// <param name="CheckAsync">Asks a librarian's view of it; answers what is wrong, or null.</param>
internal sealed record Acknowledgement(
    Write Write, int Status, string? Identity, Func<Api, Task<string?>> CheckAsync)
{
    public bool IsRefusal => Identity is null;
}

/// <summary>What the client knows, and what it has yet to learn.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentQueue<Acknowledgement> acknowledged = new();
    private readonly ConcurrentQueue<Write> unknown = new();
    private readonly ConcurrentQueue<string> violations = new();
    private int sent;
    private int repeated;
    private int unavailable;

    public IReadOnlyList<Acknowledgement> Acknowledged => [.. acknowledged];

    public IReadOnlyList<string> Violations => [.. violations];

    public int Sent => sent;

    /// <summary>Definite answers so far.</summary>
    public int Answers => acknowledged.Count;

    /// <summary>Answers that told to repeat the request.</summary>
    public int Unavailable => unavailable;

    /// <summary>Writes that were answered only after a repeat.</summary>
    public int Repeated => repeated;

    public int Unknown => unknown.Count;

    public bool TryTakeUnknown(out Write write) => unknown.TryDequeue(out write!);

    public void PutBack(Write write) => unknown.Enqueue(write);

    /// <summary>Sends a write; answers false when its outcome is not known.</summary>
    public async Task<bool> SendAsync(Write write, HttpClientOf callers, bool isRepeat)
    {
        Interlocked.Increment(ref sent);
        write.SentAt = TimeProvider.System.GetTimestamp();
        try
        {
            var answer = await write.SendAsync(callers);
            if (answer.Status != 503)
            {
                acknowledged.Enqueue(write.Acknowledge(answer));
                Interlocked.Add(ref repeated, isRepeat ? 1 : 0);
                write.Settle();
                return true;
            }

            Interlocked.Increment(ref unavailable);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception wrong)
        {
            violations.Enqueue($"{write.Kind}: {wrong.Message}");
            write.Settle();
            return true;
        }

        write.Doubt();
        unknown.Enqueue(write);
        return false;
    }
}
