using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Users;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Users;

/// <summary>What a password is checked against: as the grains know it, or as the read model does when they do not answer.</summary>
internal sealed class CredentialReads(
    IGrainFactory grains,
    GrainCalls calls,
    UserQueries users,
    IOptionsMonitor<ResilienceOptions> options,
    ResilienceMetrics metrics,
    TimeProvider clock)
{
    private static readonly string s_service = LibraryServices.Of(typeof(IUserGrain))!;

    // The read model is the last resort: a database that does not answer either must not make anybody wait.
    private static readonly TimeSpan s_readModelPatience = TimeSpan.FromSeconds(1);

    /// <summary>Null for a username that is nobody's. Throws a fault when neither the grains nor the read model answer.</summary>
    public async Task<FoundCredentials?> FindAsync(Username username, CancellationToken cancellationToken)
    {
        // Not earlier: a hash that has just been replaced, and a user who has just been disabled, may still be in the read model.
        var patience = options.Get(s_service).AttemptTimeout;
        var asked = FromGrainsAsync(username, cancellationToken);
        try
        {
            return await asked.WaitAsync(patience, clock, cancellationToken);
        }
        catch (Exception fault) when (GrainFaults.IsUnavailable(fault))
        {
            asked.Ignore();
            var known = await FromReadModelAsync(username, cancellationToken).WaitAsync(s_readModelPatience, clock, cancellationToken);
            metrics.FellBack(s_service, Degradation.ReadModel);
            return known;
        }
    }

    private async Task<FoundCredentials?> FromGrainsAsync(Username username, CancellationToken cancellationToken)
    {
        var login = await calls.ReadAsync(grains.Login(username), (grain, token) => grain.FindAsync(token), cancellationToken);
        if (!login.IsAccepted)
        {
            return null;
        }

        var credentials = await calls.ReadAsync(
            grains.User(login.Value.User), (grain, token) => grain.GetCredentialsAsync(token), cancellationToken);
        return credentials.Value is { } found ? new(found.User, found.PasswordHash, IsFromReadModel: false) : null;
    }

    private async Task<FoundCredentials?> FromReadModelAsync(Username username, CancellationToken cancellationToken) =>
        await users.FindCredentialsAsync(username.Email, cancellationToken) is { } stored
            ? new(
                new User
                {
                    Id = new(stored.Id),
                    Username = stored.Username,
                    FullName = stored.FullName,
                    Roles = stored.Roles.Split(' '),
                    IsEnabled = stored.Enabled,
                    TokenVersion = stored.TokenVersion,
                    Reader = stored.Reader is { } reader ? ReaderNumber.Of(reader) : null,
                },
                stored.PasswordHash,
                IsFromReadModel: true)
            : null;
}

/// <summary>A user, the hash of the password, and whether they may be a moment old.</summary>
internal sealed record FoundCredentials(User User, string PasswordHash, bool IsFromReadModel);
