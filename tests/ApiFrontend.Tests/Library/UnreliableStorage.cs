using Lms.Grains.Infrastructure;
using Lms.Grains.Tests;
using Orleans.Storage;

namespace Lms.ApiFrontend.Tests.Library;

/// <summary>Storage of which some writes fail, some store and lose the reply, and some meet another writer.</summary>
internal sealed class UnreliableStorage(TestStorage inner) : IGrainStorage
{
    private readonly Lock _lock = new();
    private Random? _dice;
    private double _share;

    /// <summary>Nothing is read and nothing is written.</summary>
    public bool IsDown { get; set; }

    /// <summary>Until disposed, this share of the writes goes wrong, one way or another.</summary>
    public IDisposable Shake(int seed, double share = 0.04)
    {
        lock (_lock)
        {
            (_dice, _share) = (new(seed), share);
        }

        return new Calm(this);
    }

    // States are read before a grain can be called, so every storage of the library translates reads itself.
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        IsDown ? Task.FromException(StorageFaults.Of(Down())!) : inner.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        switch (Next())
        {
            case Cut.WriteFails:
                throw Down();
            case Cut.Conflict:
                throw new InconsistentStateException("Somebody else wrote.");
            case Cut.ReplyIsLost:
                // Who loses the reply does not learn the new ETag either.
                var unknown = new GrainState<T>(grainState.State, grainState.ETag) { RecordExists = grainState.RecordExists };
                await inner.WriteStateAsync(stateName, grainId, unknown);
                throw new TimeoutException("The reply is lost.");
            default:
                await inner.WriteStateAsync(stateName, grainId, grainState);
                break;
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        IsDown ? Task.FromException(Down()) : inner.ClearStateAsync(stateName, grainId, grainState);

    private static IOException Down() => new("The disk is gone.");

    private Cut? Next()
    {
        if (IsDown)
        {
            return Cut.WriteFails;
        }

        lock (_lock)
        {
            return _dice is { } dice && dice.NextDouble() < _share ? (Cut)dice.Next(3) : null;
        }
    }

    private sealed class Calm(UnreliableStorage storage) : IDisposable
    {
        public void Dispose()
        {
            lock (storage._lock)
            {
                storage._dice = null;
            }
        }
    }
}
