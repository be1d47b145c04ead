using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Users;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Users;

/// <summary>How the first administrator gets in. Section <c>Lms:Bootstrap</c>.</summary>
internal sealed class BootstrapOptions
{
    public const string Section = "Lms:Bootstrap";

    /// <summary>How long the printed secret is good for. Default: 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);
}

[OptionsValidator]
internal sealed partial class BootstrapOptionsValidator : IValidateOptions<BootstrapOptions>;

/// <summary>A secret that makes one administrator, once. Only its hash is kept, and only in memory.</summary>
/// <remarks>
/// A process that ends forgets it: the next start prints another one while there is no administrator. Gateways of a cluster
/// never have one; their first administrator comes from the configuration.
/// </remarks>
internal sealed class BootstrapSecret(IOptions<BootstrapOptions> options, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    private byte[]? _hash;
    private DateTimeOffset _end;

    /// <summary>A new secret in the place of the one before.</summary>
    public (string Secret, DateTimeOffset End) Renew()
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        (_hash, _end) = (Hash(secret), clock.GetUtcNow() + options.Value.Lifetime);
        return (secret, _end);
    }

    public bool IsRight(string? secret) =>
        _hash is { } hash && clock.GetUtcNow() < _end && secret is not null
        && CryptographicOperations.FixedTimeEquals(hash, Hash(secret));

    /// <summary>Runs what the secret is for, one caller at a time; the secret is gone when it says that it has succeeded.</summary>
    public async Task<T> UseAsync<T>(
        string? secret, Func<Task<T>> use, Func<T, bool> hasSucceeded, Func<T> refuse, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!IsRight(secret))
            {
                return refuse();
            }

            var result = await use();
            if (hasSucceeded(result))
            {
                _hash = null;
            }

            return result;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <summary>The first administrator: whether there is one, and what it takes to make one.</summary>
internal sealed class FirstAdministrator(IGrainFactory grains, GrainCalls calls, PasswordHasher passwords, UserQueries users)
{
    /// <summary>As the read model tells: a start has it reconciled before it believes a "no".</summary>
    public Task<bool> ExistsAsync(CancellationToken cancellationToken) =>
        users.IsAnyEnabledAsync(Roles.Admin, cancellationToken);

    public async Task<Result<User>> MakeAsync(
        BootstrapRequest body, Operation operation, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(cancellationToken))
        {
            return BootstrapRejections.Done;
        }

        if (!Username.TryParse(body.Username, out var username))
        {
            return UserRejections.UsernameInvalid;
        }

        return body.Password is { } password && PasswordRules.IsGood(password)
            ? await MakeAsync(username, password, body.Name, operation, cancellationToken)
            : UserRejections.PasswordWeak;
    }

    public async Task<Result<User>> MakeAsync(
        Username username, string password, string? name, Operation operation, CancellationToken cancellationToken)
    {
        var hash = await passwords.HashAsync(password, cancellationToken);
        var command = new RegisterUser(operation, name, hash, [Roles.Admin]);
        var made = await calls.WriteAsync(
            grains.Login(username), (grain, token) => grain.RegisterAsync(command, token), cancellationToken);
        return made.IsAccepted ? await GetAsync(made.Value.User, cancellationToken) : made.Rejection;
    }

    public Task<Result<User>> GetAsync(UserId id, CancellationToken cancellationToken) =>
        calls.ReadAsync(grains.User(id), (grain, token) => grain.GetAsync(token), cancellationToken);
}

/// <summary>Every reason not to make the first administrator.</summary>
internal static class BootstrapRejections
{
    public static readonly Rejection Wrong =
        new(RejectionKind.Forbidden, "bootstrap-secret-wrong", "The secret is wrong, used or too old.", "secret");

    public static readonly Rejection Done =
        new(RejectionKind.Conflict, "bootstrap-done", "The library has an administrator, who makes others.");
}

/// <summary>Everything is required.</summary>
/// <param name="Secret">As printed at the start of a library without an administrator.</param>
/// <param name="Username">An e-mail address.</param>
/// <param name="Password">At least 8 characters: upper and lower case, and a digit or a sign.</param>
/// <param name="Name">1 to 150 letters, digits, spaces, hyphens and apostrophes.</param>
internal sealed record BootstrapRequest(string? Secret, string? Username, string? Password, string? Name);

internal static class Bootstrap
{
    public static IServiceCollection AddBootstrap(this IServiceCollection services)
    {
        services.AddOptions<BootstrapOptions>().BindConfiguration(BootstrapOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BootstrapOptions>, BootstrapOptionsValidator>();
        services.AddSingleton<BootstrapSecret>();
        return services.AddSingleton<FirstAdministrator>();
    }
}
