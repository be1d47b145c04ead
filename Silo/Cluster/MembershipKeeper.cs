using System.Diagnostics.Metrics;
using System.Globalization;
using Lms.Grains.Infrastructure;
using Lms.ServiceDefaults;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Lms.Silo.Cluster;

/// <summary>
/// Looks after the membership table of a running cluster: gives signs of life beside it, keeps a copy, puts it back when
/// Redis has lost it, and closes the <see cref="WriteFence"/> when this silo is cut off.
/// </summary>
internal sealed partial class MembershipKeeper : BackgroundService
{
    private const string Version = "Version";

    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_stampPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Without the table and without any peer for so long, a silo takes itself to be cut off.</summary>
    private static readonly TimeSpan s_cutOff = TimeSpan.FromSeconds(5);

    private readonly RedisMembership _redis;
    private readonly SiloStamps _stamps;
    private readonly PeerContacts _peers;
    private readonly IClusterMembershipService _membership;
    private readonly WriteFence _fence;
    private readonly SiloAddress _self;
    private readonly RedisKey _key;
    private readonly TimeProvider _clock;
    private readonly ILogger<MembershipKeeper> _logger;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _restored;

    private HashEntry[] _copy = [];
    private long _readAt;
    private bool _isLost;
    private bool _isSilent;

    public MembershipKeeper(
        RedisMembership redis,
        SiloStamps stamps,
        PeerContacts peers,
        IClusterMembershipService membership,
        WriteFence fence,
        ILocalSiloDetails self,
        IOptions<RedisClusteringOptions> options,
        IOptions<ClusterOptions> cluster,
        IMeterFactory meters,
        TimeProvider clock,
        ILogger<MembershipKeeper> logger)
    {
        (_redis, _stamps, _peers, _membership, _fence, _clock, _logger) = (redis, stamps, peers, membership, fence, clock, logger);
        _self = self.SiloAddress;
        _key = options.Value.CreateRedisKey(cluster.Value);
        var meter = meters.Create("lms");
        _lost = meter.CreateCounter<long>("lms.membership.lost", "{time}", "Times the membership table was found without this silo.");
        _lost.Add(0);
        _restored = meter.CreateCounter<long>("lms.membership.restored", "{time}", "Times this silo put the membership table back.");
        _restored.Add(0);
        meter.CreateObservableGauge(
            "lms.silo.fenced", () => _fence.IsClosed ? 1 : 0, "{silo}", "1 while this silo is cut off and refuses writes.");
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await _stamps.RemoveAsync(_self, cancellationToken);
        }
        catch (Exception exception) when (StorageFaults.Of(exception) is not null)
        {
            LogNotStamped(exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _readAt = _clock.GetTimestamp();
        var stamping = StampAsync(stoppingToken);
        using var timer = new PeriodicTimer(s_period, _clock);
        await timer.RepeatAsync(LookAndJudgeAsync, _logger, stoppingToken);
        await stamping;
    }

    // Beside the other loop: a database that does not answer must not keep it from looking at the table.
    private async Task StampAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_stampPeriod, _clock);
        await Repetition.OnceAsync(StampOnceAsync, _logger, cancellationToken);
        await timer.RepeatAsync(StampOnceAsync, _logger, cancellationToken);
    }

    private async Task StampOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _stamps.StampAsync(_self, cancellationToken);
        }
        catch (Exception exception) when (StorageFaults.Of(exception) is not null)
        {
            LogNotStamped(exception);
        }
    }

    private async Task LookAndJudgeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        finally
        {
            JudgeFence();
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var table = await (await _redis.ConnectAsync()).GetDatabase().HashGetAllAsync(_key).WaitAsync(s_cutOff / 2, cancellationToken);
            _readAt = _clock.GetTimestamp();
            if (_isSilent)
            {
                _isSilent = false;
                LogReadAgain();
            }

            if (table.Any(row => row.Name == _self.ToString()))
            {
                (_copy, _isLost) = (table, false);
            }
            else if (_copy.Length > 0)
            {
                await RestoreAsync(table, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (RedisMembership.IsSilence(exception) || exception is ObjectDisposedException)
        {
            if (!_isSilent)
            {
                _isSilent = true;
                LogNotRead(exception);
            }
        }
        catch (Exception exception) when (StorageFaults.Of(exception) is not null)
        {
            LogNotRestored(exception, "the database does not answer");
        }
    }

    private async Task RestoreAsync(HashEntry[] table, CancellationToken cancellationToken)
    {
        if (!_isLost)
        {
            _isLost = true;
            _lost.Add(1);
            LogLost();
        }

        if (table.Any(row => row.Name != Version))
        {
            // Rows of others: a table that is not ours to write. A newer one tells Orleans that this silo is dead.
            LogNotRestored(null, "there is another table");
            return;
        }

        var known = _copy.Select(row => row.Name.ToString()).ToHashSet(StringComparer.Ordinal);
        var isRestored = false;
        await _stamps.TryAloneAsync(
            async () =>
            {
                var alive = await _stamps.GetYoungerThanAsync(2 * s_stampPeriod, cancellationToken);
                if (alive.FirstOrDefault(silo => !known.Contains(silo)) is { } stranger)
                {
                    // Restored without it, the table would tell it that it is dead. It knows the others, and restores.
                    LogNotRestored(null, $"{stranger} joined a moment ago");
                    return;
                }

                var transaction = (await _redis.ConnectAsync()).GetDatabase().CreateTransaction();
                transaction.AddCondition(Condition.HashLengthLessThan(_key, 2));
                _ = transaction.HashSetAsync(_key, Restored());
                isRestored = await transaction.ExecuteAsync();
            },
            cancellationToken);
        if (isRestored)
        {
            _restored.Add(1);
            LogRestored(_copy.Length - 1);
            await _membership.Refresh(cancellationToken: cancellationToken);
        }
    }

    // Other silos may have seen a few versions more than this one; none may take the table for an old one.
    private HashEntry[] Restored() =>
    [
        .. _copy.Select(row => row.Name == Version
            ? new(Version, (int.Parse(row.Value.ToString(), CultureInfo.InvariantCulture) + 10).ToString(CultureInfo.InvariantCulture))
            : row),
    ];

    private void JudgeFence()
    {
        var hasPeers = _membership.CurrentSnapshot.Members.Values.Any(
            member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(_self));
        var isClosed = hasPeers && _clock.GetElapsedTime(_readAt) > s_cutOff && _peers.Silence > s_cutOff;
        if (isClosed != _fence.IsClosed)
        {
            _fence.IsClosed = isClosed;
            LogFence(isClosed ? "refuses" : "accepts");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The membership table cannot be read; it is tried twice a second")]
    private partial void LogNotRead(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The membership table is read again")]
    private partial void LogReadAgain();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sign of life of this silo could not be written")]
    private partial void LogNotStamped(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The membership table has lost this silo")]
    private partial void LogLost();

    [LoggerMessage(Level = LogLevel.Error, Message = "The membership table is not put back yet: {Reason}")]
    private partial void LogNotRestored(Exception? exception, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The membership table was put back with {Rows} rows")]
    private partial void LogRestored(int rows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This silo {What} writes: whether it reaches its cluster has changed")]
    private partial void LogFence(string what);
}
