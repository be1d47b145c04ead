using Lms.Grains.Infrastructure;
using Orleans.Storage;

namespace Lms.Silo.Storage;

/// <summary>Storage that says what went wrong in the words of grains.</summary>
internal sealed class FaultingStorage(IGrainStorage inner) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        SayingAsync(inner.ReadStateAsync(stateName, grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        SayingAsync(inner.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        SayingAsync(inner.ClearStateAsync(stateName, grainId, grainState));

    private static async Task SayingAsync(Task operation)
    {
        try
        {
            await operation;
        }
        catch (Exception exception) when (StorageFaults.Of(exception) is { } fault)
        {
            throw fault;
        }
    }
}
