using System.Globalization;
using Lms.Grains;
using Lms.ReadModel.Infrastructure;
using Lms.ServiceDefaults;
using Lms.Silo.Cluster;
using Lms.Silo.Storage;
using Npgsql;

namespace Lms.Silo.Commands;

/// <summary>
/// <c>restore FILE [--data DIR] [--skip N]</c>: puts the library of a backup into an empty database, or into a directory that has none.
/// </summary>
/// <remarks>
/// The states come first, all or none; then the sequences skip what was given out after the backup; then the read model is filled.
/// </remarks>
internal static class RestoreCommand
{
    public const string Name = "restore";

    /// <summary>More numbers of a kind than any library gives out between a backup and a loss.</summary>
    private const int Skipped = 10_000;

    private const string Data = "--data";
    private const string Skip = "--skip";

    public static async Task<int> RunAsync(string[] arguments, IConfiguration configuration, CancellationToken cancellationToken)
    {
        var (file, path, skip) = Parse(arguments);
        var key = ClusterSettings.ConfiguredMasterKeyOf(configuration);
        var timeZone = ClusterSettings.TimeZoneOf(configuration);
        if (path is not null)
        {
            return await RestoreAsync(file, path, key, timeZone, skip, cancellationToken);
        }

        await using var postgres = PostgresSource.Of(ClusterSettings.PostgresOf(configuration));
        return await RestoreAsync(file, postgres, key, timeZone, skip, cancellationToken);
    }

    private static (string File, string? Path, int Skip) Parse(string[] arguments)
    {
        var usage = new WrongSettingException($"Usage: {Name} FILE [{Data} DIR] [{Skip} N]");
        if (arguments is not [[not '-', ..] file, .. var others])
        {
            throw usage;
        }

        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in others.Chunk(2))
        {
            if (option is not [Data or Skip, [not '-', ..]] || !options.TryAdd(option[0], option[1]))
            {
                throw usage;
            }
        }

        return (file, options.GetValueOrDefault(Data), options.GetValueOrDefault(Skip) switch
        {
            null => Skipped,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var skip) && skip <= Skipped * 1_000 => skip,
            _ => throw usage,
        });
    }

    private static async Task<int> RestoreAsync(
        string file, NpgsqlDataSource target, byte[]? key, TimeZoneInfo timeZone, int skip, CancellationToken cancellationToken)
    {
        var (backup, states) = await BackupFile.OpenAsync(file, cancellationToken);
        if (key is not null)
        {
            BackupFile.RefuseOtherKey(backup, key, ClusterSettings.MasterKey);
        }

        await SiloCommands.RefuseOldSchemaAsync(target, cancellationToken);
        await SiloCommands.RefuseRunningSilosAsync(target, cancellationToken);
        var (copying, name) = (new LibraryMove(target), Move.NameOf(target));
        var occupied = new RefusedException($"{name} holds a library already. Only an empty database can take another.");
        if (!await copying.IsEmptyAsync(cancellationToken))
        {
            throw occupied;
        }

        _ = await copying.CopyAsync(states, Guid.NewGuid(), () => { }, cancellationToken) ?? throw occupied;
        using var silo = CommandSilo.Of(target, timeZone);

        // States make the read model; whatever it shows until now is of a library that is gone.
        await silo.Services.GetRequiredService<ReadModelDatabase>().ClearAsync(cancellationToken);
        await FinishAsync(silo, skip, cancellationToken);
        await TellAsync(backup, name, key is null ? $"Gateways need the master key that the library had as {ClusterSettings.MasterKey}." : null);
        return ExitCodes.Done;
    }

    private static async Task<int> RestoreAsync(
        string file, string path, byte[]? key, TimeZoneInfo timeZone, int skip, CancellationToken cancellationToken)
    {
        var (backup, states) = await BackupFile.OpenAsync(file, cancellationToken);
        using (var found = DataDirectory.Look(path))
        {
            RefuseOccupied(found);
            RefuseOtherKey(found, backup, key);
        }

        using var directory = DataDirectory.Take(path);
        if (!File.Exists(directory.MasterKeyFile))
        {
            directory.KeepMasterKey(key!);
        }

        await StatesFile.WriteAsync(directory.States, states, (_, _) => Task.CompletedTask, cancellationToken);
        using var silo = CommandSilo.Of(directory, timeZone);
        await FinishAsync(silo, skip, cancellationToken);
        await TellAsync(backup, directory.Path, more: null);
        return ExitCodes.Done;
    }

    private static async Task FinishAsync(IHost silo, int skip, CancellationToken cancellationToken)
    {
        await silo.StartAsync(cancellationToken);
        try
        {
            await LibraryGrains.SkipNumbersAsync(silo.Services, skip, cancellationToken);
            await LmsSilo.ReconcileAsync(silo.Services, cancellationToken);
        }
        finally
        {
            await silo.StopAsync(cancellationToken);
        }
    }

    // Of what is left of another library a part would be believed: a log of writes, a list.
    private static void RefuseOccupied(DataDirectory directory)
    {
        if (directory.Remains().ToList() is [var first, ..])
        {
            throw new RefusedException($"{directory.Path} holds a library already, or the rest of one ({first}). Only a directory without can take another.");
        }
    }

    private static void RefuseOtherKey(DataDirectory directory, Backup backup, byte[]? configured)
    {
        if (File.Exists(directory.MasterKeyFile))
        {
            BackupFile.RefuseOtherKey(backup, directory.MasterKey(), directory.MasterKeyFile);
        }
        else if (configured is not null)
        {
            BackupFile.RefuseOtherKey(backup, configured, ClusterSettings.MasterKey);
        }
        else
        {
            throw new RefusedException(
                $"{directory.MasterKeyFile} is missing: put the master key of the library there, or set {ClusterSettings.MasterKey}. Without it nobody can sign in.");
        }
    }

    private static async Task TellAsync(Backup backup, string where, string? more)
    {
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{backup.States} states of {backup.MadeAt:u} are in {where} now. What came later is not: run verify, and see docs/runbooks/backup.md."));
        if (more is not null)
        {
            await Console.Out.WriteLineAsync(more);
        }
    }
}
