using Lms.Catalogue;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Changes;
using Lms.Grains.Imports;
using Lms.Grains.Infrastructure;
using Lms.Grains.Lendings;
using Lms.Grains.Readers;
using Lms.Grains.Sequences;
using Lms.Grains.Verification;
using Lms.ReadModel.Authors;
using Lms.ReadModel.Genres;
using Lms.ReadModel.Imports;
using Lms.ReadModel.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace Lms.Grains;

/// <summary>What grains need from the silo that hosts them. Grains themselves need no registration.</summary>
public static class LibraryGrains
{
    /// <summary>
    /// Adds rules, projections and the fault filter. The silo adds the storage <see cref="GrainStorage.Name"/>, an
    /// <see cref="IStoredStates"/>, a <see cref="ReadModelDatabase"/>, a <see cref="LibraryCalendar"/> and one of
    /// <see cref="AddSweepTimer"/> and <see cref="AddClusterSweeper"/>.
    /// </summary>
    public static ISiloBuilder AddLibraryGrains(this ISiloBuilder silo)
    {
        Folding.Check();
        silo.UseSystemTextJsonGrainStorageSerializer();
        silo.AddActivityPropagation(); // around the filter: traces tell faults as callers see them
        silo.AddIncomingGrainCallFilter<FaultFilter>();

        var services = silo.Services;
        services.AddLibraryOptions();
        services.TryAddSingleton<ReadModelWriter>();
        services.TryAddSingleton<ReadModelVersions>();
        services.TryAddSingleton<SweepQueries>();
        services.TryAddSingleton<GenreQueries>();
        services.AddSingleton<Projector>();

        // Before the silo, so that it stops after it: what grains commit at the last moment is projected, too.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(provider =>
        {
            _ = provider.GetRequiredService<Reconciler>(); // what it counts is there at zero from the start
            return provider.GetRequiredService<Projector>();
        }));
        services.AddSingleton<WriteFence>();
        services.TryAddSingleton<IChanges, NoChanges>();
        services.AddSingleton<GrainServices>();
        services.TryAddSingleton<AuthorQueries>();
        services.TryAddSingleton<ImportQueries>();
        services.AddSingleton<ImportedRecords>();
        services.AddSingleton<ImportPace>();
        services.TryAddSingleton<IUploads, GrainUploads>();
        services.TryAddSingleton<IUploadCleanup, UploadChunkCleanup>();
        services.AddSingleton<Reconciler>();
        services.AddSingleton<Sweeper>();
        services.AddSingleton<FactReader>();
        services.AddSingleton<ReadModelComparison>();
        services.AddSingleton<Verifier>();
        services.AddSingleton<Repair>();
        return silo;
    }

    /// <summary>Adds what is configured of the rules. Also for a process that judges it before it has a silo.</summary>
    public static IServiceCollection AddLibraryOptions(this IServiceCollection services)
    {
        services.AddOptions<LendingOptions>().BindConfiguration(LendingOptions.Section).ValidateOnStart();
        services.AddOptions<ReaderOptions>().BindConfiguration(ReaderOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LendingOptions>, LendingOptionsValidator>();
        services.AddSingleton<IValidateOptions<ReaderOptions>, ReaderOptionsValidator>();
        services.AddCatalogue();
        return services;
    }

    /// <summary>Sweeps by a timer in this silo. For libraries that have no other.</summary>
    public static ISiloBuilder AddSweepTimer(this ISiloBuilder silo)
    {
        silo.Services.AddHostedService<SweepTimer>();
        return silo;
    }

    /// <summary>Sweeps in one place of the cluster, by a reminder. The silo adds a reminder service that is durable.</summary>
    public static ISiloBuilder AddClusterSweeper(this ISiloBuilder silo)
    {
        silo.Services.AddHostedService<SweepCaller>();
        return silo;
    }

    /// <summary>Brings the read model up to date with what is stored.</summary>
    public static Task ReconcileAsync(IServiceProvider silo, CancellationToken cancellationToken) =>
        silo.GetRequiredService<Reconciler>().ReconcileAsync(cancellationToken);

    /// <summary>Looks at everything, and changes nothing. The silo need not be started.</summary>
    /// <param name="silo">Its services.</param>
    /// <param name="isAtRest">True when no silo runs on the library, so that nothing can be going on.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static Task<VerifiedLibrary> VerifyAsync(IServiceProvider silo, bool isAtRest, CancellationToken cancellationToken) =>
        silo.GetRequiredService<Verifier>().VerifyAsync(isAtRest, cancellationToken);

    /// <summary>Mends what can be mended without guessing. The silo is started, and the only one.</summary>
    public static Task MendAsync(IServiceProvider silo, IEnumerable<Finding> findings, CancellationToken cancellationToken) =>
        silo.GetRequiredService<Repair>().MendAsync(findings, cancellationToken);

    /// <summary>
    /// Numbers that were given out after what is stored are not given out again, unless there were more. The silo is started, and
    /// the only one.
    /// </summary>
    public static async Task SkipNumbersAsync(IServiceProvider silo, int numbers, CancellationToken cancellationToken)
    {
        var (grains, serializer) = (silo.GetRequiredService<IGrainFactory>(), silo.GetRequiredService<IGrainStorageSerializer>());
        var year = silo.GetRequiredService<LibraryCalendar>().Today.Year;

        // The first number of a kind may have been given out since.
        string[] known = [SequenceGrains.AuthorKey, SequenceGrains.UserKey, SequenceGrains.ReaderKey(year), SequenceGrains.LendingKey(year)];
        var reserved = known.ToDictionary(key => key, _ => 0, StringComparer.Ordinal);
        await foreach (var row in silo.GetRequiredService<IStoredStates>().ReadAsync([SequenceState.Name], cancellationToken))
        {
            if (row is { Key: { } key, Payload: { } payload })
            {
                reserved[key] = serializer.Deserialize<SequenceState>(payload)!.Reserved;
            }
        }

        foreach (var (key, number) in reserved)
        {
            await grains.GetGrain<ISequenceGrain>(key).AdvanceToAsync(checked(number + numbers), cancellationToken);
        }
    }

    /// <summary>How many imports of a library still need their uploads.</summary>
    public static async Task<int> CountUnfinishedImportsAsync(
        IServiceProvider silo, IStoredStates stored, CancellationToken cancellationToken)
    {
        var serializer = silo.GetRequiredService<IGrainStorageSerializer>();
        var unfinished = 0;
        await foreach (var row in stored.ReadAsync([ImportState.Name], cancellationToken))
        {
            unfinished += row.Payload is { } payload && serializer.Deserialize<ImportState>(payload)!.Import is { IsUnfinished: true } ? 1 : 0;
        }

        return unfinished;
    }
}
