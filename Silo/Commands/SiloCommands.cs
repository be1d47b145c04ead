using System.Data.Common;
using System.Globalization;
using Lms.Grains.Abstractions;
using Lms.ServiceDefaults;
using Lms.Silo.Cluster;
using Lms.Silo.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Lms.Silo.Commands;

/// <summary>What an operator can have done to a library instead of running a silo of it.</summary>
internal static class SiloCommands
{
    /// <summary>Silos stamp every 5 seconds and are given up after far less than this.</summary>
    private static readonly TimeSpan s_alive = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, Func<string[], IConfiguration, CancellationToken, Task<int>>> s_commands =
        new(StringComparer.Ordinal)
        {
            [MigrateCommand.Name] = MigrateCommand.RunAsync,
            [ImportEmbeddedCommand.Name] = ImportEmbeddedCommand.RunAsync,
            [VerifyCommand.Name] = VerifyCommand.RunAsync,
            [BackupCommand.Name] = BackupCommand.RunAsync,
            [RestoreCommand.Name] = RestoreCommand.RunAsync,
        };

    public static bool IsOne(string name) => s_commands.ContainsKey(name);

    /// <summary>Answers the exit code; throws <see cref="WrongSettingException"/> for what cannot be meant.</summary>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var configuration = WebApplication.CreateBuilder().Configuration;
        configuration.AddSecretFiles();
        try
        {
            return await s_commands[arguments[0]](arguments[1..], configuration, cancellationToken);
        }
        catch (Exception exception) when (exception is RefusedException or DataDirectoryException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.Refused;
        }
        catch (DbException exception)
        {
            await Console.Error.WriteLineAsync($"{(exception is SqliteException ? "SQLite" : "PostgreSQL")}: {exception.Message}");
            return ExitCodes.Failed;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or GrainFault or OrleansException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.Failed;
        }
    }

    /// <summary>For commands that would make a library where there is none.</summary>
    public static void RefuseNoLibrary(string path)
    {
        if (!DataDirectory.IsLibrary(path))
        {
            throw new RefusedException($"There is no library in {Path.GetFullPath(path)}.");
        }
    }

    /// <summary>For commands that need every table.</summary>
    public static async Task RefuseOldSchemaAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        if (!await PostgresSchema.IsCurrentAsync(source, cancellationToken))
        {
            throw new RefusedException("The database has no schema or an old one: run the command migrate.");
        }
    }

    /// <summary>For commands that change states: a silo that has them in memory would go on with the old ones.</summary>
    public static async Task RefuseRunningSilosAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        if (await new SiloStamps(source).GetYoungerThanAsync(s_alive, cancellationToken) is { Count: > 0 } silos)
        {
            throw new RefusedException(string.Create(
                CultureInfo.InvariantCulture,
                $"A silo runs on the database, or did {s_alive.TotalSeconds} seconds ago ({string.Join(", ", silos)}): stop every silo first."));
        }
    }
}
