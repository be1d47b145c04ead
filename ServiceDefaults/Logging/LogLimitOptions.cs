using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ServiceDefaults.Logging;

/// <summary>How much of one kind frameworks may log. Section <c>Lms:LogLimit</c>.</summary>
public sealed class LogLimitOptions
{
    public const string Section = "Lms:LogLimit";

    /// <summary>Entries of one category and one message in an interval; further ones are counted only. Default: 20.</summary>
    [Range(1, 1_000_000)]
    public int Entries { get; set; } = 20;

    /// <summary>At its end the log tells how many were left out. Default: 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class LogLimitOptionsValidator : IValidateOptions<LogLimitOptions>;
