using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Overload;

/// <summary>What one client may ask of one gateway. Section <c>Lms:RateLimits</c>.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "Lms:RateLimits";

    /// <summary>Requests a second of one signed-in user, in the long run. Default: 50, more than any page of the desk makes.</summary>
    [Range(1, 1_000_000)]
    public int SignedInPerSecond { get; set; } = 50;

    /// <summary>Requests that a user may make at once after a quiet time. Default: 300.</summary>
    [Range(1, 1_000_000)]
    public int SignedInBurst { get; set; } = 300;

    /// <summary>The same of all who are not signed in and come from one address: a school may have one. Default: 20.</summary>
    [Range(1, 1_000_000)]
    public int AnonymousPerSecond { get; set; } = 20;

    /// <summary>Default: 200.</summary>
    [Range(1, 1_000_000)]
    public int AnonymousBurst { get; set; } = 200;
}

[OptionsValidator]
internal sealed partial class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>;
