using System.Collections.Frozen;
using System.Security.Cryptography;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.ServiceDefaults;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Lms.ApiFrontend.Security;

/// <summary>The key ring as this gateway knows it. Made at the first start of a library.</summary>
internal sealed partial class SigningKeys(
    IGrainFactory grains,
    GrainCalls calls,
    MasterKey masterKey,
    KeyCopies copies,
    IOptions<KeyOptions> options,
    IOptions<TokenOptions> tokens,
    TimeProvider clock,
    ILogger<SigningKeys> logger) : BackgroundService
{
    /// <summary>Tokens of keys that nobody knows, whoever sends them, make a gateway ask so often at most.</summary>
    private static readonly TimeSpan s_askAgain = TimeSpan.FromSeconds(1);

    /// <summary>A gateway that starts beside living silos knows the keys before its first client comes.</summary>
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_startPause = TimeSpan.FromMilliseconds(100);

    // One at a time, so that what was read first is never put in the place of what was read last.
    private readonly SemaphoreSlim _one = new(1);

    private readonly Lock _asking = new();

    private volatile Snapshot? _known;
    private volatile bool _isTold;
    private long? _askedAt;
    private Task _learning = Task.CompletedTask;

    /// <summary>True once tokens can be checked.</summary>
    public bool AreKnown => _known is not null;

    /// <summary>What checks tokens: every key but those that are revoked or whose last token has ended.</summary>
    public IEnumerable<RsaSecurityKey> PublicKeys => _known is not { } known
        ? []
        : known.Ring.Keys.Where(key => !(known.Ring.EndOf(key, VerifyFor) <= clock.GetUtcNow()))
            .Select(key => known.Keys[key.Id].Public);

    /// <summary>What signs tokens now.</summary>
    public SigningCredentials Signing => _known is { } known
        ? known.Keys[known.Ring.SigningAt(clock.GetUtcNow()).Id].Private.Value
        : throw new TimeoutException("The signing keys are not known yet.");

    private TimeSpan VerifyFor => tokens.Value.Lifetime + options.Value.Margin;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LearnFromCopiesAsync(cancellationToken);
        if (AreKnown)
        {
            // Whether or not they are the newest: it is ready, and asks for newer ones meanwhile.
            await base.StartAsync(cancellationToken);
            return;
        }

        // Whether or not anybody answers, it starts in the end, and goes on asking.
        var startedAt = clock.GetTimestamp();
        while (await FaultOfAsync(EnsureAsync, cancellationToken) is { } fault)
        {
            if (clock.GetElapsedTime(startedAt) >= s_startPatience)
            {
                LogSilent(fault);
                break;
            }

            await Task.Delay(s_startPause, clock, cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Every key with what it is doing, newest first.</summary>
    public async Task<IReadOnlyList<KeyView>> ListAsync(CancellationToken cancellationToken)
    {
        var ring = await RefreshAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return
        [
            .. ring.Keys.Select(key => KeyView.From(ring, key, now, VerifyFor)),
            .. (ring.Revoked ?? []).Select(KeyView.From),
        ];
    }

    /// <summary>Announces a key, which signs after a while; answers it. One that is announced already stays.</summary>
    public async Task<KeyView> RotateAsync(Operation operation, TimeSpan announceFor, CancellationToken cancellationToken)
    {
        var command = new RotateKeys(operation, NewKey(), announceFor);
        var ring = await ExchangeAsync(
            token => calls.WriteAsync(grains.KeyRing(), (grain, attempt) => grain.RotateAsync(command, attempt), token),
            cancellationToken);
        LogAnnounced(ring.Keys[0].Id, ring.Keys[0].StartsAt, operation.By);
        return KeyView.From(ring, ring.Keys[0], clock.GetUtcNow(), VerifyFor);
    }

    /// <summary>Announces a key as long as every gateway needs to learn of it.</summary>
    public Task<KeyView> RotateAsync(Operation operation, CancellationToken cancellationToken) =>
        RotateAsync(operation, options.Value.AnnounceFor, cancellationToken);

    /// <summary>Refuses all tokens of a key: here at once, elsewhere after a refresh.</summary>
    public async Task<Result<KeyView>> RevokeAsync(Operation operation, string id, CancellationToken cancellationToken)
    {
        var command = new RevokeKey(operation, id, NewKey());
        Rejection? refusal = null;
        var ring = await ExchangeAsync(
            async token =>
            {
                var result = await calls.WriteAsync(
                    grains.KeyRing(), (grain, attempt) => grain.RevokeAsync(command, attempt), token);
                refusal = result.Rejection;
                return result.Value ?? _known!.Ring;
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        LogRevoked(id, operation.By);
        return KeyView.From(Array.Find(ring.Revoked!, key => key.Id == id)!);
    }

    /// <summary>
    /// Asks for the ring if a token names a key that is not in it. Keys that are revoked are known. Throws a fault for an unknown key
    /// as long as the library has not told the ring itself: a token that cannot be judged is not a bad one.
    /// </summary>
    public async Task LearnAsync(string keyId, CancellationToken cancellationToken)
    {
        if (_known?.Knows(keyId) != false)
        {
            return;
        }

        Task learning;
        lock (_asking)
        {
            if (_askedAt is not { } asked || clock.GetElapsedTime(asked) >= s_askAgain)
            {
                (_askedAt, _learning) = (clock.GetTimestamp(), TryAsync(RefreshAsync, CancellationToken.None));
            }

            learning = _learning;
        }

        await learning.WaitAsync(cancellationToken);
        if (!_isTold && _known?.Knows(keyId) != true)
        {
            throw new GrainFault(FaultKind.Unreachable, "The signing keys are not known yet, so that the token cannot be judged.");
        }
    }

    private Task<KeyRing> EnsureAsync(CancellationToken cancellationToken) => ExchangeAsync(
        async token =>
        {
            var ring = await calls.ReadAsync(grains.KeyRing(), (grain, attempt) => grain.GetAsync(attempt), token);
            if (ring.Keys.Length > 0)
            {
                return ring;
            }

            var candidate = NewKey();
            return await calls.WriteAsync(grains.KeyRing(), (grain, attempt) => grain.EnsureAsync(candidate, attempt), token);
        },
        cancellationToken);

    internal Task<KeyRing> RefreshAsync(CancellationToken cancellationToken) => ExchangeAsync(
        token => calls.ReadAsync(grains.KeyRing(), (grain, attempt) => grain.GetAsync(attempt), token), cancellationToken);

    /// <summary>Replaces a key that has grown old and forgets those that have ended.</summary>
    internal async Task<KeyRing> TendAsync(CancellationToken cancellationToken)
    {
        var ring = await RefreshAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (ring.AnnouncedAt(now) is null && now - ring.SigningAt(now).StartsAt > options.Value.MaxAge)
        {
            await RotateAsync(Operation.New(), cancellationToken);
        }

        if (ring.Keys.Any(key => ring.EndOf(key, VerifyFor) <= now))
        {
            await ExchangeAsync(
                token => calls.WriteAsync(grains.KeyRing(), (grain, attempt) => grain.DropEndedAsync(VerifyFor, attempt), token),
                cancellationToken);
        }

        return _known!.Ring;
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!_isTold)
        {
            await Repetition.OnceAsync(AskAsync, logger, stoppingToken);
            if (!_isTold)
            {
                await Task.Delay(s_askAgain, clock, stoppingToken);
            }
        }

        using var timer = new PeriodicTimer(options.Value.Refresh, clock);
        await timer.RepeatAsync(token => TryAsync(TendAsync, token), logger, stoppingToken);
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        await TryAsync(EnsureAsync, cancellationToken);
        if (!_isTold)
        {
            await LearnFromCopiesAsync(cancellationToken);
        }
    }

    private static RsaSecurityKey PublicKeyOf(SigningKey key)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        return new(rsa.ExportParameters(includePrivateParameters: false)) { KeyId = key.Id };
    }

    // The keys that are known stay good; the next tick asks again.
    private async Task TryAsync(Func<CancellationToken, Task<KeyRing>> ask, CancellationToken cancellationToken)
    {
        if (await FaultOfAsync(ask, cancellationToken) is { } fault)
        {
            LogSilent(fault);
        }
    }

    /// <summary>Why nobody answered; null when somebody did.</summary>
    private static async Task<Exception?> FaultOfAsync(Func<CancellationToken, Task<KeyRing>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await ask(cancellationToken);
            return null;
        }
        catch (Exception exception) when (GrainFaults.IsUnavailable(exception))
        {
            return exception;
        }
    }

    private async Task<KeyRing> ExchangeAsync(
        Func<CancellationToken, Task<KeyRing>> call, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var ring = Adopt(await call(cancellationToken));
            _isTold |= ring.Keys.Length > 0;
            copies.Keep(ring);
            return ring;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task LearnFromCopiesAsync(CancellationToken cancellationToken)
    {
        var rings = await copies.FindAsync();
        await _one.WaitAsync(cancellationToken);
        try
        {
            foreach (var ring in rings)
            {
                Adopt(ring);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private KeyRing Adopt(KeyRing offered)
    {
        var before = _known;
        var ring = KeyRings.Newer(before?.Ring, offered);
        _known = new(ring, ring.Keys.ToFrozenDictionary(
            key => key.Id,
            key => before?.Keys.GetValueOrDefault(key.Id) is { } pair && pair.CanSign == key.CanSign()
                ? pair
                : new(PublicKeyOf(key), new(() => CredentialsOf(key)), key.CanSign()),
            StringComparer.Ordinal));
        return ring;
    }

    private SigningCredentials CredentialsOf(SigningKey key)
    {
        if (!key.CanSign())
        {
            throw new GrainFault(FaultKind.Unreachable, "The private part of the key is not known yet.");
        }

        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(masterKey.Decrypt(key.EncryptedPrivateKey), out _);
        return new(new RsaSecurityKey(rsa) { KeyId = key.Id }, SecurityAlgorithms.RsaSha256);
    }

    private SigningKey NewKey()
    {
        using var rsa = RSA.Create(2048);
        return new(
            Guid.NewGuid().ToString("N"),
            rsa.ExportSubjectPublicKeyInfo(),
            masterKey.Encrypt(rsa.ExportPkcs8PrivateKey()),
            clock.GetUtcNow());
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Key {KeyId} signs tokens from {SignsFrom:u} on, by order of user {User}")]
    private partial void LogAnnounced(string keyId, DateTimeOffset signsFrom, UserId? user);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Key {KeyId} is revoked by user {User}; its tokens are refused")]
    private partial void LogRevoked(string keyId, UserId? user);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The key ring does not answer; the keys that are known stay in use")]
    private partial void LogSilent(Exception exception);

    private sealed record Snapshot(KeyRing Ring, FrozenDictionary<string, Pair> Keys)
    {
        public bool Knows(string id) => Keys.ContainsKey(id) || (Ring.Revoked ?? []).Any(revoked => revoked.Id == id);
    }

    private sealed record Pair(RsaSecurityKey Public, Lazy<SigningCredentials> Private, bool CanSign);
}
