using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Readers;

/// <summary>What readers are suggested. Section <c>Lms:Suggestions</c>.</summary>
internal sealed class SuggestionOptions
{
    public const string Section = "Lms:Suggestions";

    /// <summary>Books of each genre of interest. Default: 2.</summary>
    [Range(1, 100)]
    public int LimitPerGenre { get; set; } = 2;
}

[OptionsValidator]
internal sealed partial class SuggestionOptionsValidator : IValidateOptions<SuggestionOptions>;
