using System.Collections.Frozen;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Users;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Security;

/// <summary>Whose tokens are good no longer, in memory: no request waits for the answer, and none needs the Users service.</summary>
internal sealed partial class Revocations(
    UserQueries users, IOptions<TokenOptions> tokens, TimeProvider clock, ILogger<Revocations> logger) : BackgroundService
{
    /// <summary>A disabled user is refused after this time at most, and the time of the query.</summary>
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(2);

    private volatile FrozenDictionary<long, Revocation> _revoked = FrozenDictionary<long, Revocation>.Empty;

    public bool AreRevoked(UserId user, int tokenVersion) =>
        _revoked.TryGetValue(user.Value, out var revocation)
        && (!revocation.Enabled || tokenVersion < revocation.TokenVersion);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_refresh, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RefreshAsync(stoppingToken);
        }
    }

    // What is known stays in force while the read model is silent.
    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var since = clock.GetUtcNow() - tokens.Value.Lifetime - TimeSpan.FromMinutes(5);
            var revoked = await users.RevocationsAsync(since, cancellationToken);
            _revoked = revoked.ToFrozenDictionary(revocation => revocation.UserId);
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException)
        {
            LogSilent(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The read model does not tell whose tokens are revoked; those known stay refused")]
    private partial void LogSilent(Exception exception);
}
