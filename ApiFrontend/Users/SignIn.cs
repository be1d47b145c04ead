using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Maintenance;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Users;

/// <summary>Checks a password and gives a token. Reads only: whatever cannot be written, people sign in.</summary>
internal sealed partial class SignIn(
    CredentialReads credentials,
    IGrainFactory grains,
    GrainCalls calls,
    PasswordHasher passwords,
    Tokens tokens,
    Revocations revocations,
    SignInThrottle throttle,
    SignInLog log,
    MaintenanceWatch maintenance,
    TimeProvider clock,
    ILogger<SignIn> logger)
{
    /// <summary>How long somebody who has signed in waits for a stronger hash to be stored. The next sign-in tries again.</summary>
    private static readonly TimeSpan s_rehashPatience = TimeSpan.FromSeconds(1);

    public async Task<IResult> RunAsync(HttpContext http, Username username, string password, CancellationToken cancellationToken)
    {
        var address = http.Connection.RemoteIpAddress;
        using var attempt = throttle.Admit(username.Email, address);
        if (!attempt.IsAdmitted)
        {
            log.Throttled(username, address, attempt.Wait);
            return ContractErrors.TooMany(
                http, attempt.Wait, SignInThrottle.Code, "Too many sign-ins have failed. Try again later.");
        }

        var found = await credentials.FindAsync(username, cancellationToken);
        if (!await IsRightAsync(found, password, cancellationToken))
        {
            attempt.Fail();
            log.Failed(username, address);
            return TypedResults.StatusCode(StatusCodes.Status401Unauthorized);
        }

        // First, so that nobody is told that he is signed in and gets no token.
        var user = found!.User;
        http.Response.Headers.Authorization = tokens.Issue(user);
        attempt.Succeed();
        log.SignedIn(user.Id, address);
        if (found.IsFromReadModel)
        {
            Degradation.Note(Degradation.ReadModel, TimeSpan.Zero);
        }
        else if (!maintenance.IsOn && passwords.NeedsRehash(found.PasswordHash))
        {
            await TryRehashAsync(user.Id, password, found.PasswordHash, cancellationToken);
        }

        return TypedResults.Json(new SignedInView(user.Id.ToString(), user.Username, user.FullName));
    }

    // Each "no" costs a hash. What the read model has not heard of yet, the revocations may have.
    private async Task<bool> IsRightAsync(FoundCredentials? found, string password, CancellationToken cancellationToken)
    {
        if (found is null || password.Length > PasswordRules.MaxLength)
        {
            await passwords.VerifyNobodyAsync("nobody", cancellationToken);
            return false;
        }

        var user = found.User;
        return await passwords.VerifyAsync(password, found.PasswordHash, cancellationToken)
            && user.IsEnabled
            && !revocations.AreRevoked(user.Id, user.TokenVersion);
    }

    private async Task TryRehashAsync(UserId user, string password, string oldHash, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(s_rehashPatience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            var hash = await passwords.HashAsync(password, either.Token);
            await calls.WriteAsync(
                grains.User(user), (grain, token) => grain.RehashAsync(oldHash, hash, token), either.Token);
        }
        catch (Exception fault) when (GrainFaults.IsUnavailable(fault) || (fault is OperationCanceledException && over.IsCancellationRequested))
        {
            LogNotRehashed(fault, user);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "User {User} signed in, and the hash of the password stays as it is until the next time")]
    private partial void LogNotRehashed(Exception fault, UserId user);
}
