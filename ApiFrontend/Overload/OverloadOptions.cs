using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Overload;

/// <summary>When the gateway refuses work instead of doing all of it too late. Section <c>Lms:Overload</c>.</summary>
internal sealed class OverloadOptions
{
    public const string Section = "Lms:Overload";

    /// <summary>
    /// Above this the limit of requests under way falls, below it rises. Default: 300 milliseconds for half of all requests: ten
    /// times and more what they take on a machine that has time, and little to people.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan TargetTime { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Requests under way that are never too many. Default: 128: so many gather in two seconds of a start that takes all the
    /// processors, at 50 requests in a second and with some to spare.
    /// </summary>
    [Range(1, 100_000)]
    public int MinRequests { get; set; } = 128;

    /// <summary>Requests under way that are always too many, even for the desk. Default: 1024.</summary>
    [Range(1, 100_000)]
    public int MaxRequests { get; set; } = 1024;

    /// <summary>Share of the limit up to which requests that need one thing are let in. Default: 0.9.</summary>
    [Range(0.01, 1)]
    public double SingleShare { get; set; } = 0.9;

    /// <summary>The same of lists and searches. Default: 0.7.</summary>
    [Range(0.01, 1)]
    public double ListShare { get; set; } = 0.7;

    /// <summary>The same of reports, imports and exports. Default: 0.5.</summary>
    [Range(0.01, 1)]
    public double ReportShare { get; set; } = 0.5;

    /// <summary>Reports, imports, exports and followed feeds at once, whatever room there is. Default: 256.</summary>
    [Range(1, 100_000)]
    public int MaxReports { get; set; } = 256;
}

[OptionsValidator]
internal sealed partial class OverloadOptionsValidator : IValidateOptions<OverloadOptions>;
