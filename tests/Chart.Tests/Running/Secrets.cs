using System.Security.Cryptography;

namespace Lms.Chart.Tests.Running;

/// <summary>The Secret that an operator makes before the install.</summary>
internal static class Secrets
{
    /// <summary>Of all servers and roles.</summary>
    public const string Password = "Aa1-of-the-test";

    /// <summary>The first administrator.</summary>
    public const string Administrator = "operator@example.org";

    public static IReadOnlyDictionary<string, string> Values { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["postgres"] = Postgres("lms"),
        ["postgresOwner"] = Postgres("lms_owner"),
        ["postgresGateway"] = Postgres("lms_reader"),
        ["redisMembership"] = $"members:6379,password={Password},abortConnect=false",
        ["redisCache"] = $"cache:6379,password={Password},abortConnect=false",
        ["masterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        ["adminUsername"] = Administrator,
        ["adminPassword"] = Password,
    };

    private static string Postgres(string role) => $"Host=db;Database=lms;Username={role};Password={Password};Maximum Pool Size=30";
}
