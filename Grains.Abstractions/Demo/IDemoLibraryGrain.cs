namespace Lms.Grains.Abstractions.Demo;

/// <summary>Remembers how far the demo library is loaded, so that a crash in the middle does no harm.</summary>
[Alias("lms.demo-grain")]
public interface IDemoLibraryGrain : IGrainWithStringKey
{
    /// <summary>Fixes the reference date at the first call.</summary>
    [Alias("begin")]
    Task<DemoProgress> BeginAsync(DateOnly today, CancellationToken cancellationToken = default);

    [Alias("complete")]
    Task CompleteAsync(CancellationToken cancellationToken = default);
}

/// <param name="ReferenceDate">The day before which all dates of the demo library count.</param>
/// <param name="IsComplete">Everything is loaded.</param>
[GenerateSerializer, Immutable, Alias("lms.demo-progress")]
public sealed record DemoProgress(DateOnly ReferenceDate, bool IsComplete);

/// <summary>How the demo library is addressed.</summary>
public static class DemoGrains
{
    extension(IGrainFactory grains)
    {
        public IDemoLibraryGrain DemoLibrary() => grains.GetGrain<IDemoLibraryGrain>("demo:library");
    }
}
