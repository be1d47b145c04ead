namespace Lms.Grains.Abstractions;

/// <summary>A grain that drives a durable process through several grains.</summary>
[Alias("lms.resumable")]
public interface IResumable : IGrainWithStringKey
{
    /// <summary>Finishes what a crash left unfinished. Safe to call at any time, any number of times.</summary>
    [Alias("resume")]
    Task ResumeAsync(CancellationToken cancellationToken = default);
}
