using System.Globalization;
using System.Security.Cryptography;
using Lms.Grains;
using Lms.ReadModel.Infrastructure;
using Lms.ServiceDefaults;
using Lms.Silo.Cluster;
using Lms.Silo.Storage;
using Npgsql;

namespace Lms.Silo.Commands;

/// <summary><c>import-embedded DIR</c>: moves an embedded library into the database of a cluster that has none yet.</summary>
/// <remarks>
/// The file in DIR says that the move is under way, then the target gets everything in one transaction, then the read model
/// is filled, then the file says that it is done. A crash leaves a file by which the next run finds out how far it was.
/// </remarks>
internal static class ImportEmbeddedCommand
{
    public const string Name = "import-embedded";

    public static async Task<int> RunAsync(string[] arguments, IConfiguration configuration, CancellationToken cancellationToken)
    {
        if (arguments is not [[not '-', ..] path])
        {
            throw new WrongSettingException("Usage: import-embedded DIR");
        }

        await using var target = PostgresSource.Of(ClusterSettings.PostgresOf(configuration));
        var configured = ClusterSettings.ConfiguredMasterKeyOf(configuration);
        SiloCommands.RefuseNoLibrary(path);
        using var directory = DataDirectory.TakeMoved(path);
        await SiloCommands.RefuseOldSchemaAsync(target, cancellationToken);
        RefuseOtherKey(directory, configured);
        using var silo = CommandSilo.Of(target, ClusterSettings.TimeZoneOf(configuration));
        var move = Move.Of(directory) ?? new Move(Guid.NewGuid(), Move.NameOf(target), TimeProvider.System.GetUtcNow());
        if (move.FinishedAt is not null)
        {
            throw new RefusedException(move.Refusal(directory));
        }

        var summary = await new LibraryMove(target).FindAsync(move.Id, cancellationToken) is { } held
            ? await SameAsync(directory, held, cancellationToken)
            : await CopyAsync(directory, target, move, silo.Services, cancellationToken);
        await LmsSilo.ReconcileAsync(silo.Services, cancellationToken);
        (move with { FinishedAt = TimeProvider.System.GetUtcNow() }).Write(directory);

        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.States} states of {directory.Path} are in {move.To} now. The directory stays as it was; no library starts on it any more."));
        await Console.Out.WriteLineAsync(configured is null
            ? $"Gateways need the key of {directory.MasterKeyFile} as {ClusterSettings.MasterKey}, in Base64: base64 < {directory.MasterKeyFile}"
            : $"{ClusterSettings.MasterKey} is the key of the library.");
        return ExitCodes.Done;
    }

    private static async Task<StatesSummary> CopyAsync(
        DataDirectory directory, NpgsqlDataSource target, Move move, IServiceProvider silo, CancellationToken cancellationToken)
    {
        if (move.To != Move.NameOf(target))
        {
            throw new RefusedException(move.Refusal(directory));
        }

        await SiloCommands.RefuseRunningSilosAsync(target, cancellationToken);
        var (copying, source) = (new LibraryMove(target), new SqliteStates(directory.States));
        if (!await copying.IsEmptyAsync(cancellationToken))
        {
            throw new RefusedException(Occupied(move));
        }

        // Their files would have to be moved as well, for work that is done sooner than explained.
        if (await LibraryGrains.CountUnfinishedImportsAsync(silo, source, cancellationToken) is > 0 and var unfinished)
        {
            throw new RefusedException(string.Create(
                CultureInfo.InvariantCulture,
                $"{unfinished} imports of {directory.Path} are not finished: start the library there, let them end or cancel them, and stop it."));
        }

        // States make the read model; without any, whatever it shows is of a library that is gone.
        await silo.GetRequiredService<ReadModelDatabase>().ClearAsync(cancellationToken);
        move.Write(directory);
        var mayBeThere = false;
        try
        {
            return await copying.CopyAsync(source, move.Id, () => mayBeThere = true, cancellationToken)
                ?? throw new RefusedException(Occupied(move));
        }
        catch when (!mayBeThere)
        {
            File.Delete(directory.MoveFile);
            throw;
        }
    }

    // Between the copy and the end of the move somebody may have removed the file and gone on with the library.
    private static async Task<StatesSummary> SameAsync(DataDirectory directory, StatesSummary held, CancellationToken cancellationToken)
    {
        var now = await StatesSummary.OfAsync(new SqliteStates(directory.States), cancellationToken);
        return now == held
            ? now
            : throw new RefusedException(
                $"{directory.Path} was written to after it had been copied. Decide which of the two libraries is to live: empty the database and run this again, or keep the database and this directory as a backup.");
    }

    // With another key nobody could sign in: the private keys of the ring would stay locked.
    private static void RefuseOtherKey(DataDirectory directory, byte[]? configured)
    {
        if (!File.Exists(directory.MasterKeyFile))
        {
            throw new RefusedException($"{directory.MasterKeyFile} is missing: without it nobody can sign in after the move.");
        }

        if (configured is not null && !CryptographicOperations.FixedTimeEquals(configured, directory.MasterKey()))
        {
            throw new RefusedException(
                $"{ClusterSettings.MasterKey} is not the key of {directory.MasterKeyFile}: the signing keys of the library could not be used.");
        }
    }

    private static string Occupied(Move move) => $"{move.To} holds a library already. Only an empty database can take another.";
}
