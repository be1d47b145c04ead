using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.Grains.Readers;

/// <summary>Who may become a reader. Section <c>Lms:Readers</c>.</summary>
public sealed class ReaderOptions
{
    public const string Section = "Lms:Readers";

    /// <summary>In years, on the day of registration. Default: 12.</summary>
    [Range(0, 150)]
    public int MinimumAge { get; set; } = 12;
}

[OptionsValidator]
internal sealed partial class ReaderOptionsValidator : IValidateOptions<ReaderOptions>;
