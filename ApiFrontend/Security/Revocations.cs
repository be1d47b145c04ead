using System.Diagnostics.Metrics;
using System.Text.Json;
using Lms.ApiFrontend.Cluster;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Users;
using Lms.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Security;

/// <summary>Whose tokens are good no longer, in memory: no request waits for the answer, and none needs the Users service.</summary>
/// <remarks>
/// Learnt from the read model and from the note that gateways keep for one another, every two seconds, and from whoever revokes,
/// at once. What is known stays in force while both are silent.
/// </remarks>
internal sealed partial class Revocations : BackgroundService
{
    /// <summary>The note with all of them.</summary>
    public const string Note = "lms:revocations";

    /// <summary>Where a gateway tells the others whose it has just revoked.</summary>
    public const string Channel = "lms:revoked";

    private const string Purpose = "revocations";

    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    // Whoever starts from the note should know how old it is, and need not know it to the second.
    private static readonly TimeSpan s_renewNote = TimeSpan.FromSeconds(10);

    // Clocks differ.
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(5);

    private readonly RevokedTokens _revoked = new();
    private readonly UserQueries _users;
    private readonly IGatewayNotes _notes;
    private readonly MasterKey _masterKey;
    private readonly TimeProvider _clock;
    private readonly ILogger<Revocations> _logger;
    private readonly TimeSpan _longest;
    private readonly DateTimeOffset _startedAt;
    private long _asOfTicks; // UTC; zero until they are known
    private volatile bool _isSilent;

    public Revocations(
        UserQueries users,
        IGatewayNotes notes,
        MasterKey masterKey,
        IOptions<TokenOptions> tokens,
        IMeterFactory meters,
        TimeProvider clock,
        ILogger<Revocations> logger)
    {
        (_users, _notes, _masterKey, _clock, _logger) = (users, notes, masterKey, clock, logger);
        (_longest, _startedAt) = (tokens.Value.Lifetime + s_margin, clock.GetUtcNow());
        meters.Create("lms").CreateObservableGauge(
            "lms.gateway.revocations.age",
            () => AreKnown && !_isSilent ? 0 : (_clock.GetUtcNow() - (AsOf ?? _startedAt)).TotalSeconds,
            "s",
            "How long ago the revoked tokens were told by the read model; 0 while it answers.");
    }

    /// <summary>False until they have been learnt once since the start. What that means is up to <see cref="AdministratorsOnly"/>.</summary>
    public bool AreKnown => AsOf is not null;

    private DateTimeOffset? AsOf
    {
        get => Volatile.Read(ref _asOfTicks) is not 0 and var ticks ? new(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _asOfTicks, value!.Value.UtcTicks);
    }

    public bool AreRevoked(UserId user, int tokenVersion) => _revoked.Contain(user, tokenVersion);

    /// <summary>Tokens of the user that are older than this state of it: refused here from now on, and elsewhere as soon as told.</summary>
    public void Revoke(User user)
    {
        if (user.TokenVersion > 0)
        {
            Add(user.Id.Value, user.TokenVersion);
            TellAsync(user).Ignore();
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _notes.ListenAsync(Channel, Hear).Ignore();
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_refresh, _clock);
        await timer.RepeatAsync(RefreshAsync, _logger, stoppingToken);
    }

    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var isTold = await AskReadModelAsync(cancellationToken);
        var note = await FindNoteAsync();
        var now = _clock.GetUtcNow();
        if (isTold)
        {
            AsOf = now;
        }
        else if (note is not null && !(note.AsOf <= AsOf))
        {
            AsOf = note.AsOf;
        }

        _revoked.Forget(now);

        // Also while the read model is silent: what this gateway knows others cannot learn elsewhere then.
        if (AsOf is { } asOf && asOf > now - _longest
            && (note is null || asOf - note.AsOf > s_renewNote || !note.Revoked.SequenceEqual(_revoked.All)))
        {
            await LeaveNoteAsync(asOf);
        }
    }

    private async Task<bool> AskReadModelAsync(CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(s_patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            var revoked = await _users.RevocationsAsync(_clock.GetUtcNow() - _longest, either.Token).WaitAsync(either.Token);
            foreach (var user in revoked)
            {
                _revoked.Add(new(user.UserId, user.Enabled ? user.TokenVersion : int.MaxValue, user.RevokedAt + _longest));
            }

            if (_isSilent)
            {
                LogHeard();
            }

            _isSilent = false;
            return true;
        }
        catch (Exception fault) when (GrainFaults.IsUnavailable(fault) || (fault is OperationCanceledException && over.IsCancellationRequested))
        {
            if (!_isSilent)
            {
                LogSilent(fault);
            }

            _isSilent = true;
            return false;
        }
    }

    // Null for what no gateway of this library has written, and for what is too old to tell of every token that is good.
    private async Task<RevocationNote?> FindNoteAsync()
    {
        if (await _notes.FindAsync(Note) is not { } bytes
            || _masterKey.Verify(Purpose, bytes) is not { } json
            || JsonSerializer.Deserialize<RevocationNote>(json) is not { } note
            || note.AsOf < _clock.GetUtcNow() - _longest)
        {
            return null;
        }

        foreach (var revoked in note.Revoked)
        {
            _revoked.Add(revoked);
        }

        return note;
    }

    private Task LeaveNoteAsync(DateTimeOffset asOf) => _notes.LeaveAsync(
        Note, _masterKey.Sign(Purpose, JsonSerializer.SerializeToUtf8Bytes(new RevocationNote(asOf, [.. _revoked.All]))), _longest);

    private async Task TellAsync(User user)
    {
        await _notes.TellAsync(
            Channel, _masterKey.Sign(Channel, JsonSerializer.SerializeToUtf8Bytes(new TokensRevoked(user.Id.Value, user.TokenVersion))));

        // For those who have not heard it and cannot ask the read model.
        if (AsOf is { } asOf)
        {
            await LeaveNoteAsync(asOf);
        }
    }

    private void Hear(byte[] message)
    {
        if (_masterKey.Verify(Channel, message) is { } json && JsonSerializer.Deserialize<TokensRevoked>(json) is { } told)
        {
            Add(told.User, told.Below);
        }
    }

    private void Add(long user, int below) => _revoked.Add(new(user, below, _clock.GetUtcNow() + _longest));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The read model does not tell whose tokens are revoked; those known stay refused")]
    private partial void LogSilent(Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The read model tells again whose tokens are revoked")]
    private partial void LogHeard();
}

/// <summary>What gateways tell one another: all tokens of the user below the version are good no longer.</summary>
internal sealed record TokensRevoked(long User, int Below);

/// <summary>What gateways keep for one another.</summary>
/// <param name="AsOf">When the read model told it to one of them.</param>
/// <param name="Revoked">All that are revoked.</param>
internal sealed record RevocationNote(DateTimeOffset AsOf, RevokedVersions[] Revoked);
