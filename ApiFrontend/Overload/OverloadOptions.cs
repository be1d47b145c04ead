using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Overload;

/// <summary>How many requests are done at once, and how long others wait for their turn. Section <c>Lms:Overload</c>.</summary>
internal sealed class OverloadOptions : IValidatableObject
{
    public const string Section = "Lms:Overload";

    /// <summary>
    /// Above this the number of places falls, below it rises. Default: 50 milliseconds for half of all requests: several times
    /// what they take where there is time, and short enough for a lending, which is many steps, to be done within a second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan TargetTime { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Places that there always are. Default: 16: with <see cref="PlaceTime"/>, 64 requests in a second are let in even when none
    /// of them comes to an end, as in the moments after a silo has died.
    /// </summary>
    [Range(1, 100_000)]
    public int MinRequests { get; set; } = 16;

    /// <summary>
    /// In place of <see cref="TargetTime"/> when more is asked than can be done. Default: 25 milliseconds: to do many at once does not
    /// make them more then, and lets those wait that are the desk's.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan CrowdedTargetTime { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// In place of <see cref="MinRequests"/>, if that is more, when more is asked than can be done. Default: 4: two for each of two
    /// processors.
    /// </summary>
    [Range(1, 100_000)]
    public int CrowdedRequests { get; set; } = 4;

    /// <summary>Places that there are at most. Default: 1024. At least <see cref="MinRequests"/>.</summary>
    [Range(1, 100_000)]
    public int MaxRequests { get; set; } = 1024;

    /// <summary>
    /// Requests of one class that may wait for a place. When there are more, and they are not reports, more is asked than can be done,
    /// and only the desk waits any more: to refuse at once costs least. Default: 128: a small gateway serves them in about a second.
    /// </summary>
    [Range(0, 100_000)]
    public int MaxWaiting { get; set; } = 128;

    /// <summary>
    /// After this a request gives its place to another one, although it is not done. Default: 250 milliseconds: it waits for a silo
    /// that does not answer, or for a client that sends slowly, and keeps nobody busy.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan PlaceTime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>So long a request waits for a place before it is refused. Default: 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>When nobody has been refused for that long, all wait again. Default: 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan CalmAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Share of the places that requests which need one thing may take. Default: 0.9.</summary>
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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => MaxRequests < MinRequests
        ? [new($"{nameof(MaxRequests)} must be at least {nameof(MinRequests)}.", [nameof(MaxRequests)])]
        : [];
}

[OptionsValidator]
internal sealed partial class OverloadOptionsValidator : IValidateOptions<OverloadOptions>;
