using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Journal;

/// <summary>Whether and how returns are accepted for later. Section <c>Lms:Journal</c>.</summary>
internal sealed class JournalOptions
{
    public const string Section = "Lms:Journal";

    /// <summary>
    /// A folder on a volume that outlives the process and that no other gateway uses. Default: none, and returns are refused
    /// while the library cannot be reached.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>Returns that wait at most. Default: 10,000, some hours of a busy desk.</summary>
    [Range(1, 1_000_000)]
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>
    /// No more are accepted once the oldest has waited for so long: what is wrong then is not cured by waiting. Returns that were
    /// carried out can be asked for as long. Default: 24 hours.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often it is tried to carry out what waits. Default: 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReplayEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Returns carried out in a second at most, so that silos that are just back are not overrun. Default: 50.</summary>
    [Range(1, 10_000)]
    public int ReplaysPerSecond { get; set; } = 50;
}

[OptionsValidator]
internal sealed partial class JournalOptionsValidator : IValidateOptions<JournalOptions>;
