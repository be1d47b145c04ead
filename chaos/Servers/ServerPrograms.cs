using System.Globalization;

namespace Lms.Chaos.Servers;

/// <summary>Where the servers that the local cluster needs are installed.</summary>
public static class ServerPrograms
{
    private const string DebianPostgres = "/usr/lib/postgresql";

    /// <summary>A program of PostgreSQL: in the PATH, or where Debian puts the newest release.</summary>
    public static string Postgres(string program) =>
        InPath(program) ?? InDebian(program) ?? throw new MissingServerException("PostgreSQL", "postgresql");

    public static string Redis() =>
        InPath("redis-server") ?? throw new MissingServerException("redis-server", "redis-server");

    public static string Prometheus() =>
        InPath("prometheus") ?? throw new MissingServerException("prometheus", "prometheus");

    private static string? InPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static string? InDebian(string program) => Directory.Exists(DebianPostgres)
        ? Directory.GetDirectories(DebianPostgres)
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var release) ? release : 0)
            .Select(folder => Path.Combine(folder, "bin", program))
            .FirstOrDefault(File.Exists)
        : null;
}

/// <summary>A server is not installed. The message says what to install.</summary>
public sealed class MissingServerException(string server, string package)
    : ClusterException($"{server} is not installed: apt-get install {package}");
