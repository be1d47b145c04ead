using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Cluster;

/// <summary>How a gateway takes leave of its clients.</summary>
internal sealed class DrainOptions
{
    public const string Section = "Lms:Drain";

    /// <summary>
    /// How long connections that are open are still answered; the end comes earlier when none is left. Longer than clients and
    /// proxies keep a connection that they do not use, so that nobody sends on one that is being closed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Longest { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class DrainOptionsValidator : IValidateOptions<DrainOptions>;
