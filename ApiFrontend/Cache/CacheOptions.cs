using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Cache;

/// <summary>What the gateway remembers of the catalogue. Section <c>Lms:Cache</c>.</summary>
internal sealed class CacheOptions
{
    public const string Section = "Lms:Cache";

    /// <summary>
    /// How long an answer of a grain is good for everybody who asks. Default: 250 milliseconds: a book that a thousand people open
    /// is read four times a second, and who writes at one gateway and reads at another waits no longer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan FreshFor { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long it is kept for the time when nobody answers. Default: 24 hours, the longest outage that is worth it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long somebody waits for a newer one when an older one is at hand. Default: 300 milliseconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>What this process keeps at most, in KiB. A book counts as one, a photo as what it has. Default: 128 MiB.</summary>
    [Range(1, int.MaxValue)]
    public int MaxKiB { get; set; } = 128 * 1024;
}

[OptionsValidator]
internal sealed partial class CacheOptionsValidator : IValidateOptions<CacheOptions>;
