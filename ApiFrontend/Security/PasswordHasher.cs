using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using NSec.Cryptography;

namespace Lms.ApiFrontend.Security;

/// <summary>What a password costs to check. Section <c>Lms:Passwords</c>.</summary>
internal sealed class PasswordOptions
{
    public const string Section = "Lms:Passwords";

    /// <summary>Memory of one hash in KiB. Default: 19456, as OWASP advises for two passes.</summary>
    [Range(64, 1_048_576)]
    public int MemoryKiB { get; set; } = 19_456;

    /// <summary>Passes over that memory. Default: 2.</summary>
    [Range(1, 20)]
    public int Passes { get; set; } = 2;

    /// <summary>Requests that may wait for a hash before more are refused. Default: 200.</summary>
    [Range(1, 10_000)]
    public int MaxWaiting { get; set; } = 200;
}

[OptionsValidator]
internal sealed partial class PasswordOptionsValidator : IValidateOptions<PasswordOptions>;

/// <summary>Argon2id in PHC strings; BCrypt hashes of the monolith are verified too.</summary>
/// <remarks>At most one hash less than there are cores at once: sign-ins must not take the desk's processor.</remarks>
internal sealed partial class PasswordHasher : IDisposable
{
    private const int SaltLength = 16;
    private const int HashLength = 32;

    private readonly PasswordOptions _options;
    private readonly ConcurrencyLimiter _limiter;
    private readonly Lazy<string> _nobody;

    public PasswordHasher(IOptions<PasswordOptions> options)
    {
        _options = options.Value;
        _limiter = new(new()
        {
            PermitLimit = Math.Max(1, Environment.ProcessorCount - 1),
            QueueLimit = _options.MaxWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        _nobody = new(() => Hash("nobody"));
    }

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        LimitedAsync(() => Hash(password), cancellationToken);

    public Task<bool> VerifyAsync(string password, string hash, CancellationToken cancellationToken) =>
        LimitedAsync(() => Verify(password, hash), cancellationToken);

    /// <summary>Takes as long as a real check, so that nobody can tell which usernames exist.</summary>
    public Task VerifyNobodyAsync(string password, CancellationToken cancellationToken) =>
        LimitedAsync(() => Verify(password, _nobody.Value), cancellationToken);

    /// <summary>True when the hash is weaker than, or otherwise made than, hashes are made now.</summary>
    public bool NeedsRehash(string hash) =>
        Phc().Match(hash) is not { Success: true } phc
        || Number(phc, "m") != _options.MemoryKiB
        || Number(phc, "t") != _options.Passes;

    public void Dispose() => _limiter.Dispose();

    private async Task<T> LimitedAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        using var lease = await _limiter.AcquireAsync(cancellationToken: cancellationToken);
        return lease.IsAcquired
            ? await Task.Run(work, cancellationToken)
            : throw new TimeoutException("Too many sign-ins at once.");
    }

    private string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var hash = Derive(password, salt, _options.MemoryKiB, _options.Passes);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={_options.MemoryKiB},t={_options.Passes},p=1${Text(salt)}${Text(hash)}");
    }

    private static bool Verify(string password, string hash)
    {
        if (Phc().Match(hash) is { Success: true } phc)
        {
            var expected = Bytes(phc.Groups["hash"].Value);
            var actual = Derive(password, Bytes(phc.Groups["salt"].Value), Number(phc, "m"), Number(phc, "t"));
            return CryptographicOperations.FixedTimeEquals(expected, actual);
        }

        return hash.StartsWith("$2", StringComparison.Ordinal) && BCrypt.Net.BCrypt.Verify(password, hash);
    }

    private static byte[] Derive(string password, byte[] salt, int memoryKiB, int passes) =>
        PasswordBasedKeyDerivationAlgorithm
            .Argon2id(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = memoryKiB, NumberOfPasses = passes })
            .DeriveBytes(password, salt, HashLength);

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] Bytes(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));

    private static int Number(Match phc, string group) => int.Parse(phc.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A\$argon2id\$v=19\$m=(?<m>[0-9]{1,8}),t=(?<t>[0-9]{1,3}),p=1\$(?<salt>[A-Za-z0-9+/]+)\$(?<hash>[A-Za-z0-9+/]+)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Phc();
}

/// <summary>What the contract asks of a password. Pure.</summary>
internal static partial class PasswordRules
{
    public const int MaxLength = 256;

    public static bool IsGood(string password) => password.Length <= MaxLength && Pattern().IsMatch(password);

    [GeneratedRegex(@"\A(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9\W]).{8,}\z", RegexOptions.Singleline, 1000)]
    private static partial Regex Pattern();
}
