using Lms.Grains.Changes;
using Lms.Grains.Infrastructure;
using Lms.Silo.Storage;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Lms.Silo;

/// <summary>A silo whose states and reminders are on PostgreSQL.</summary>
public static class PostgresSilo
{
    private const string RawStorage = "lms-raw";
    private const string Npgsql = "Npgsql";

    /// <summary>
    /// Keeps states, reminders and who listens to changes in a database that <see cref="PostgresSchema.MigrateAsync"/> has prepared. Its role
    /// needs no more than to read and write rows.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="source">Outlives the silo, and is disposed of by its owner.</param>
    public static ISiloBuilder AddPostgresStorage(this ISiloBuilder silo, NpgsqlDataSource source)
    {
        silo.AddAdoNetGrainStorage(RawStorage, options =>
        {
            options.Invariant = Npgsql;
            options.DataSource = source;
            options.DeleteStateOnClear = false;
        });
        silo.AddAdoNetGrainStorage(SiloChangeFeed.PubSubStore, options =>
        {
            options.Invariant = Npgsql;
            options.DataSource = source;
        });
        silo.Services.AddOptions<AdoNetGrainStorageOptions>(SiloChangeFeed.PubSubStore).Configure<Serializer>(
            (options, serializer) => options.GrainStorageSerializer = SiloChangeFeed.SerializerOf(serializer));
        silo.Services.AddSingleton<IStoredStates>(new PostgresStates(source));
        silo.Services.AddKeyedSingleton<IGrainStorage>(GrainStorage.Name, (services, _) =>
            new FaultingStorage(services.GetRequiredKeyedService<IGrainStorage>(RawStorage)));
        return silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = Npgsql;
            options.DataSource = source;
        });
    }
}
