using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Resilience;

/// <summary>How a gateway of a cluster queries the read model. Section <c>Lms:ReadModel</c>.</summary>
internal sealed class ReadModelOptions
{
    public const string Section = "Lms:ReadModel";

    /// <summary>
    /// One query. Default: 3 seconds: well above the slowest search, and less than a read may take, so that something else can
    /// still answer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// All queries of one request, with the calls it made before. Default: 5 seconds, as long as a write may take: what it has
    /// done is still to be told.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The share of failed queries at which the breaker opens. Default: 0.6: one of two is chance.</summary>
    [Range(0.01, 1)]
    public double BreakerFailureRatio { get; set; } = 0.6;

    /// <summary>
    /// Queries within <see cref="BreakerSampling"/> below which it stays closed. Default: 2: a quiet library makes few, and of
    /// those that hang, one after the other, no more end in that time.
    /// </summary>
    [Range(2, 100_000)]
    public int BreakerMinimumCalls { get; set; } = 2;

    /// <summary>
    /// How far back the breaker looks. Default: 5 seconds: under load a primary that is gone is not asked any more after
    /// three of them.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan BreakerSampling { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the breaker refuses before it lets one query try. Doubles while that fails. Default: 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest of these. Default: 2 seconds: a primary that is back, or another in its place, is soon asked again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan MaxBreakDuration { get; set; } = TimeSpan.FromSeconds(2);
}

[OptionsValidator]
internal sealed partial class ReadModelOptionsValidator : IValidateOptions<ReadModelOptions>;
