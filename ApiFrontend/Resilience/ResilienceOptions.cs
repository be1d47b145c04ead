using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Resilience;

/// <summary>How long the gateway waits for grains. Section <c>Lms:Resilience</c>.</summary>
internal sealed class ResilienceOptions
{
    public const string Section = "Lms:Resilience";

    /// <summary>All calls of a reading request together, retries included. Default: 4 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>All calls of a writing request together, retries included. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Before the first retry; doubles up to 500 ms, with jitter. Default: 50 milliseconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:05")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// One call to one grain. Default: 700 milliseconds in a cluster, well above the slowest healthy call and low enough to
    /// try again several times; within one process nothing is lost on the way, and an attempt may take all the time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>More are not made, whatever time is left. 0 shows what clients would see without. Default: no limit.</summary>
    [Range(0, int.MaxValue)]
    public int MaxRetries { get; set; } = int.MaxValue;
}

[OptionsValidator]
internal sealed partial class ResilienceOptionsValidator : IValidateOptions<ResilienceOptions>;
