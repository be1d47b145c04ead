using System.Globalization;
using Lms.Grains.Infrastructure;
using Lms.ServiceDefaults;
using Lms.Silo.Cluster;
using Lms.Silo.Storage;

namespace Lms.Silo.Commands;

/// <summary>
/// <c>backup FILE [--data DIR]</c>: all states in one file, as they are at one instant; of PostgreSQL, or of an embedded library. Whoever
/// works with the library goes on.
/// </summary>
internal static class BackupCommand
{
    public const string Name = "backup";

    public static async Task<int> RunAsync(string[] arguments, IConfiguration configuration, CancellationToken cancellationToken)
    {
        switch (arguments)
        {
            case [[not '-', ..] file]:
                var configured = ClusterSettings.ConfiguredMasterKeyOf(configuration);
                await using (var postgres = PostgresSource.Of(ClusterSettings.PostgresOf(configuration)))
                {
                    await SiloCommands.RefuseOldSchemaAsync(postgres, cancellationToken);
                    return await WriteAsync(
                        file, new PostgresStates(postgres), configured, ClusterSettings.MasterKey, cancellationToken);
                }

            case [[not '-', ..] file, "--data", [not '-', ..] path]:
                SiloCommands.RefuseNoLibrary(path);
                using (var directory = DataDirectory.Look(path))
                {
                    return await WriteAsync(
                        file,
                        SqliteStates.ReadOnly(directory.States),
                        File.Exists(directory.MasterKeyFile) ? directory.MasterKey() : null,
                        directory.MasterKeyFile,
                        cancellationToken);
                }

            default:
                throw new WrongSettingException("Usage: backup FILE [--data DIR]");
        }
    }

    private static async Task<int> WriteAsync(
        string file, IStoredStates states, byte[]? masterKey, string keyPlace, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();

        // Whoever makes one every night may have no shell to name it by the day.
        var path = Directory.Exists(file)
            ? Path.Combine(file, string.Create(CultureInfo.InvariantCulture, $"lms-{now:yyyyMMdd'T'HHmmss'Z'}.backup"))
            : file;
        var backup = await BackupFile.WriteAsync(path, states, masterKey, now, cancellationToken);
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{backup.States} states of {backup.MadeAt:u} are in {Path.GetFullPath(path)}."));
        await Console.Out.WriteLineAsync($"The master key is not, and nobody can sign in without it: keep {keyPlace} in another place.");
        return ExitCodes.Done;
    }
}
