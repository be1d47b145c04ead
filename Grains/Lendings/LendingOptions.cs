using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.Grains.Lendings;

/// <summary>How the library lends. Section <c>Lms:Lendings</c>. A lending keeps the values it was made with.</summary>
public sealed class LendingOptions
{
    public const string Section = "Lms:Lendings";

    /// <summary>Days from the desk to the due date. Default: 15.</summary>
    [Range(1, 365)]
    public int LendingDays { get; set; } = 15;

    /// <summary>Cents for each day late. Default: 200.</summary>
    [Range(0, 100_000)]
    public int FinePerDayInCents { get; set; } = 200;

    /// <summary>Open lendings a reader may have. Default: 3.</summary>
    [Range(1, 1000)]
    public int MaxOpenLendings { get; set; } = 3;

    /// <summary>
    /// How long a lending that was begun waits for the retry of its caller before it is undone. Default: 30 seconds,
    /// six times the longest request.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan PendingFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A defect that tests plant to prove that they would find it. Not configurable.</summary>
    internal bool ChecksLimitAfterTheWrite { get; set; }
}

[OptionsValidator]
internal sealed partial class LendingOptionsValidator : IValidateOptions<LendingOptions>;
