using System.Data.Common;
using Lms.ServiceDefaults;
using Npgsql;

namespace Lms.Silo.Cluster;

/// <summary>
/// Connections to a PostgreSQL that may have several hosts, of which one takes writes: who asks for that one finds it wherever it
/// is after a failover.
/// </summary>
public static class PostgresSource
{
    /// <summary>The same few statements are run again and again: PostgreSQL need not parse and plan them each time.</summary>
    private const int Prepared = 100;

    /// <summary>Connects to nobody yet.</summary>
    /// <param name="connectionString">A valid one.</param>
    public static NpgsqlDataSource Of(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!Says(connectionString, "MaxAutoPrepare"))
        {
            settings.MaxAutoPrepare = Prepared;
        }

        if (settings.TargetSessionAttributes is not { } wanted)
        {
            return NpgsqlDataSource.Create(settings);
        }

        // Npgsql wants it beside the connection string.
        settings.TargetSessionAttributes = null;
        return new NpgsqlDataSourceBuilder(settings.ToString()).BuildMultiHost().WithTargetSession(Parsed(wanted)!.Value);
    }

    /// <summary>The connection string; throws <see cref="WrongSettingException"/> when it cannot be meant.</summary>
    internal static string Valid(string key, string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            return settings switch
            {
                { Host: null or "" } => throw new WrongSettingException($"ConnectionStrings:{key} names no host."),
                { TargetSessionAttributes: { } wanted } when Parsed(wanted) is null => throw new WrongSettingException(
                    $"ConnectionStrings:{key}: Target Session Attributes is no '{wanted}'."),
                { Host: var hosts, TargetSessionAttributes: null } when hosts.Contains(',', StringComparison.Ordinal) =>
                    throw new WrongSettingException(
                        $"ConnectionStrings:{key} names several hosts and needs Target Session Attributes, such as primary, to tell which one is meant."),
                _ => connectionString,
            };
        }
        catch (ArgumentException exception)
        {
            throw new WrongSettingException($"ConnectionStrings:{key}: {exception.Message}", exception);
        }
    }

    // Npgsql's own builder cannot tell a default from what was said.
    private static bool Says(string connectionString, string key) =>
        new DbConnectionStringBuilder { ConnectionString = connectionString }.Keys.OfType<string>()
            .Any(said => string.Equals(said.Replace(" ", "", StringComparison.Ordinal), key, StringComparison.OrdinalIgnoreCase));

    private static TargetSessionAttributes? Parsed(string text) => text switch
    {
        "any" => TargetSessionAttributes.Any,
        "primary" => TargetSessionAttributes.Primary,
        "standby" => TargetSessionAttributes.Standby,
        "prefer-primary" => TargetSessionAttributes.PreferPrimary,
        "prefer-standby" => TargetSessionAttributes.PreferStandby,
        "read-write" => TargetSessionAttributes.ReadWrite,
        "read-only" => TargetSessionAttributes.ReadOnly,
        _ => null,
    };
}
