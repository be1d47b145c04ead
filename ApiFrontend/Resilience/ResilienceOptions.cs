using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Resilience;

/// <summary>How long the gateway waits for grains. Section <c>Lms:Resilience</c>.</summary>
internal sealed class ResilienceOptions
{
    public const string Section = "Lms:Resilience";

    /// <summary>Everything a reading caller waits for, retries included. Default: 4 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Everything a writing caller waits for, retries included. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Before the first retry; doubles up to 500 ms, with jitter. Default: 50 milliseconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:05")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(50);
}

[OptionsValidator]
internal sealed partial class ResilienceOptionsValidator : IValidateOptions<ResilienceOptions>;
