using Lms.ReadModel.Infrastructure;
using Orleans.Storage;

namespace Lms.Grains.Infrastructure;

/// <summary>The raw rows behind the states, for those who must see all of them.</summary>
public interface IStoredStates
{
    /// <summary>Every row of a state name that has a payload.</summary>
    Task<IReadOnlyList<StoredVersion>> GetVersionsAsync(string stateName, CancellationToken cancellationToken);

    /// <summary>One row; null when there is none, or none with a payload.</summary>
    Task<StoredState?> FindAsync(string stateName, string key, CancellationToken cancellationToken);

    /// <summary>Every row there is, as it is stored, in no order.</summary>
    IAsyncEnumerable<StoredRow> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>Every row of these state names, all as they were at one instant, in no order.</summary>
    IAsyncEnumerable<StoredRow> ReadAsync(IReadOnlyCollection<string> stateNames, CancellationToken cancellationToken);
}

/// <summary>One row of the storage, column by column.</summary>
/// <param name="GrainIdHash">Part of the row's identity, as are all up to <paramref name="ServiceId"/>.</param>
/// <param name="StateName">What Orleans calls the type of the grain.</param>
/// <param name="Key">The grain's key; null when Orleans took it for a number.</param>
/// <param name="Payload">Null when the state was cleared.</param>
public sealed record StoredRow(
    int GrainIdHash,
    long GrainIdN0,
    long GrainIdN1,
    int GrainTypeHash,
    string StateName,
    string? Key,
    string ServiceId,
    BinaryData? Payload,
    DateTimeOffset ModifiedOn,
    long Version);

/// <param name="Key">The grain's key.</param>
/// <param name="Version">The storage row version.</param>
/// <param name="WrittenAt">When the row was last written.</param>
public readonly record struct StoredVersion(string Key, long Version, DateTimeOffset WrittenAt);

public sealed record StoredState(long Version, BinaryData Payload);

/// <summary>A state that the read model shows, for those who know only its name.</summary>
internal abstract class ProjectedState
{
    /// <summary>Every projected state of the library.</summary>
    public static IReadOnlyList<ProjectedState> All { get; } =
    [
        .. typeof(State).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(State)) && type.GetInterfaces().Any(candidate =>
                candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IProjected<>)))
            .Select(type => (ProjectedState)Activator.CreateInstance(typeof(Of<>).MakeGenericType(type))!)
            .OrderBy(state => state.Name, StringComparer.Ordinal),
    ];

    public abstract string Name { get; }

    public abstract Projection? Project(string key, StoredState stored, IGrainStorageSerializer serializer);

    private sealed class Of<TState> : ProjectedState where TState : State, IProjected<TState>
    {
        public override string Name => TState.StateName;

        public override Projection? Project(string key, StoredState stored, IGrainStorageSerializer serializer) =>
            TState.Project(key, stored.Version, serializer.Deserialize<TState>(stored.Payload)!);
    }
}
