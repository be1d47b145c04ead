using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Operations;

namespace Lms.ApiFrontend.Operations;

/// <summary>Runs a command once, however often the client sends it with the same <c>Idempotency-Key</c>.</summary>
/// <remarks>
/// The grain of the key learns what is about to happen before it does, and what it came to after. A repeat answers what
/// was recorded: the same refusal, or today's view of the same thing.
/// </remarks>
internal sealed class Commands(IGrainFactory grains, GrainCalls calls, MasterKey masterKey, TimeProvider clock)
{
    public const string Header = "Idempotency-Key";

    private const int MaxKeyLength = 255;

    private static readonly Rejection KeyReused =
        new(RejectionKind.Conflict, "idempotency-key-reused", "The Idempotency-Key was used for another request.");

    /// <summary>To tell the grain of the key that nobody is at it any more.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    /// <summary>Performs the request's command, or answers what it came to before.</summary>
    /// <param name="http">The request; its body has been bound.</param>
    /// <param name="perform">Performs it under the operation it is given.</param>
    /// <param name="identify">The text that <paramref name="reload"/> finds the result by.</param>
    /// <param name="reload">Today's view of an earlier result.</param>
    /// <param name="answer">The HTTP answer to a result, fresh or reloaded.</param>
    public async Task<IResult> RunAsync<T>(
        HttpContext http,
        Func<CommandContext, Task<Result<T>>> perform,
        Func<T, string> identify,
        Func<string, Task<Result<T>>> reload,
        Func<Result<T>, Task<IResult>> answer)
        where T : class
    {
        var user = Principal.UserOf(http.User);
        if (!TryReadKey(http, out var key, out var wrongKey))
        {
            return wrongKey;
        }

        if (key is null)
        {
            return await answer(await perform(Unkeyed(new(Guid.NewGuid(), user))));
        }

        var once = await OnceAsync(
            Operation.Of(user, key), key, await FingerprintAsync(http), perform, identify, reload, http.RequestAborted);
        return once.Rejection == KeyReused ? Reused() : await answer(once);
    }

    /// <summary>Performs a command of an earlier request as that request would have, with its key if it had one.</summary>
    /// <param name="operation">That of the earlier request.</param>
    /// <param name="key">Its key, or null.</param>
    /// <param name="fingerprint">Of the request with the key.</param>
    /// <param name="perform">Performs it under the operation it is given.</param>
    /// <param name="identify">The text that <paramref name="reload"/> finds the result by.</param>
    /// <param name="reload">Today's view of an earlier result.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Result<T>> RunLaterAsync<T>(
        Operation operation,
        string? key,
        string? fingerprint,
        Func<CommandContext, Task<Result<T>>> perform,
        Func<T, string> identify,
        Func<string, Task<Result<T>>> reload,
        CancellationToken cancellationToken)
        where T : class =>
        key is null || fingerprint is null
            ? perform(Unkeyed(operation))
            : OnceAsync(operation, key, fingerprint, perform, identify, reload, cancellationToken);

    /// <summary>The request's key, null when it has none. False when it has one that is no key.</summary>
    public static bool TryReadKey(HttpContext http, out string? key, [NotNullWhen(false)] out IResult? refusal)
    {
        (key, refusal) = (null, null);
        if (!http.Request.Headers.TryGetValue(Header, out var header))
        {
            return true;
        }

        if (header is not [{ Length: >= 1 and <= MaxKeyLength } text] || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            refusal = Problems.Invalid("idempotency-key-invalid", "An Idempotency-Key has 1 to 255 visible ASCII characters.");
            return false;
        }

        key = text;
        return true;
    }

    /// <summary>The answer to a key that was used for another request.</summary>
    public static IResult Reused() =>
        Problems.Problem(StatusCodes.Status422UnprocessableEntity, KeyReused.Code, KeyReused.Detail);

    private static CommandContext Unkeyed(Operation operation) => new(operation, identity => Task.FromResult(identity));

    private async Task<Result<T>> OnceAsync<T>(
        Operation operation,
        string key,
        string fingerprint,
        Func<CommandContext, Task<Result<T>>> perform,
        Func<T, string> identify,
        Func<string, Task<Result<T>>> reload,
        CancellationToken cancellationToken)
        where T : class
    {
        var (grain, attempt) = (grains.Operation(operation.By, key), Guid.NewGuid());
        var progress = await BeginAsync(grain, fingerprint, attempt, cancellationToken);
        if (progress.Stage == OperationStage.Mismatch)
        {
            return KeyReused;
        }

        if (progress.Outcome is { } outcome)
        {
            return outcome.Rejection is { } refusal ? refusal : await reload(outcome.Identity!);
        }

        Result<T> result;
        try
        {
            await using (new Lease(calls, grain, fingerprint, attempt, clock))
            {
                result = await perform(new(
                    operation,
                    identity => calls.WriteAsync(grain, (g, token) => g.ReserveAsync(identity, token), cancellationToken)));
            }

            var done = result.IsAccepted
                ? new OperationOutcome(identify(result.Value), Rejection: null)
                : new OperationOutcome(Identity: null, result.Rejection);
            await calls.WriteAsync(grain, (g, token) => g.CompleteAsync(done, token), CancellationToken.None);
        }
        catch
        {
            // The outcome is unknown. A repeat may start at once; if even this fails, it starts when the lease has ended.
            RequestTime.Extend(s_farewell);
            await calls.WriteAsync(grain, (g, token) => g.AbandonAsync(token), CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return result;
    }

    // A second request with the key waits for the first one, as long as a write may take.
    private async Task<OperationProgress> BeginAsync(
        IOperationGrain grain, string fingerprint, Guid attempt, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var progress = await calls.WriteAsync(
                grain, (g, token) => g.BeginAsync(fingerprint, attempt, token), cancellationToken);
            if (progress.Stage != OperationStage.Running)
            {
                return progress;
            }

            if (clock.GetElapsedTime(started) > TimeSpan.FromSeconds(5))
            {
                throw new TimeoutException("The first request with this Idempotency-Key is still running.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), clock, cancellationToken);
        }
    }

    // Keyed, so that what is stored does not help to guess a password in the body. Of a form the fields count, not the
    // bytes: a client that sends it again chooses another boundary.
    public async Task<string> FingerprintAsync(HttpContext http)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, masterKey.Derive("operations"));
        Append(hash, http.Request.Method);
        Append(hash, http.Request.Path + http.Request.QueryString);
        if (StreamedBody.DigestOf(http) is { } digest)
        {
            hash.AppendData(digest);
        }
        else if (http.Request.HasFormContentType)
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            foreach (var (name, values) in form.OrderBy(field => field.Key, StringComparer.Ordinal))
            {
                Append(hash, name);
                foreach (var value in values)
                {
                    Append(hash, value ?? "");
                }
            }

            foreach (var file in form.Files)
            {
                Append(hash, file.Name);
                await using var content = file.OpenReadStream();
                hash.AppendData(await SHA256.HashDataAsync(content, http.RequestAborted));
            }
        }
        else
        {
            http.Request.Body.Position = 0;
            hash.AppendData(await SHA256.HashDataAsync(http.Request.Body, http.RequestAborted));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}

/// <summary>The key of an operation, kept for as long as somebody performs it.</summary>
internal sealed class Lease : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Task _renewals;

    public Lease(GrainCalls calls, IOperationGrain grain, string fingerprint, Guid attempt, TimeProvider clock) =>
        _renewals = RenewAsync(calls, grain, fingerprint, attempt, clock);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();

        // A renewal that failed costs the key, at most, and operations bear to be performed twice.
        await _renewals.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task RenewAsync(
        GrainCalls calls, IOperationGrain grain, string fingerprint, Guid attempt, TimeProvider clock)
    {
        while (true)
        {
            await Task.Delay(OperationGrains.Lease / 3, clock, _over.Token);
            await calls.WriteAsync(grain, (g, token) => g.BeginAsync(fingerprint, attempt, token), _over.Token);
        }
    }
}

/// <summary>Under what a command runs.</summary>
/// <param name="Operation">Its id and its user.</param>
/// <param name="ReserveAsync">
/// Stores an identity that the command is about to use, and answers the one to use: after a crash, that of the first try.
/// </param>
internal sealed record CommandContext(Operation Operation, Func<string, Task<string>> ReserveAsync);
