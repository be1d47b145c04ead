using Lms.Grains.Infrastructure;
using Lms.Silo.Storage;
using Npgsql;
using Orleans.Storage;

namespace Lms.Silo;

/// <summary>A silo whose states and reminders are on PostgreSQL.</summary>
public static class PostgresSilo
{
    private const string RawStorage = "lms-raw";
    private const string Npgsql = "Npgsql";

    /// <summary>
    /// Keeps states and reminders in a database that <see cref="PostgresSchema.MigrateAsync"/> has prepared. Its role
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
