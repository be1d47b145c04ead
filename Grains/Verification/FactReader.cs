using System.Text.Json;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Authors;
using Lms.Grains.Infrastructure;
using Orleans.Storage;

namespace Lms.Grains.Verification;

/// <summary>Takes from the raw states what is to be compared.</summary>
internal sealed class FactReader(IStoredStates stored, IGrainStorageSerializer serializer)
{
    private static readonly Dictionary<string, Compared> s_states = typeof(State).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(State)) && type.GetInterfaces().Any(candidate =>
            candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(ICompared<>)))
        .Select(type => (Compared)Activator.CreateInstance(typeof(Of<>).MakeGenericType(type))!)
        .ToDictionary(state => state.Name, StringComparer.Ordinal);

    public async Task<Facts> ReadAsync(CancellationToken cancellationToken)
    {
        var facts = new Facts();

        // Before the sequences: a number that is given meanwhile is not compared with what they were before.
        foreach (var author in await stored.GetVersionsAsync(AuthorState.Name, cancellationToken))
        {
            facts.Authors.Add(new(AuthorNumber.Of(author.Key[AuthorGrains.Prefix.Length..]).Value, author.WrittenAt));
        }

        await foreach (var row in stored.ReadAsync(s_states.Keys, cancellationToken))
        {
            if (row is not { Key: { } key, Payload: { } payload })
            {
                continue;
            }

            try
            {
                s_states[row.StateName].Tell(facts, key, payload, row.ModifiedOn, serializer);
            }
            catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException)
            {
                facts.Unreadable.Add(new(key, $"cannot be read: {exception.Message}", row.ModifiedOn));
            }
        }

        return facts;
    }

    private abstract class Compared
    {
        public abstract string Name { get; }

        public abstract void Tell(
            Facts facts, string key, BinaryData payload, DateTimeOffset writtenAt, IGrainStorageSerializer serializer);
    }

    private sealed class Of<TState> : Compared where TState : State, ICompared<TState>
    {
        public override string Name => TState.StateName;

        public override void Tell(
            Facts facts, string key, BinaryData payload, DateTimeOffset writtenAt, IGrainStorageSerializer serializer) =>
            TState.Tell(facts, key, serializer.Deserialize<TState>(payload)!, writtenAt);
    }
}
