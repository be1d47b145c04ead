using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Security;

/// <summary>How long signing keys live. The same at every gateway. Section <c>Lms:Keys</c>.</summary>
internal sealed class KeyOptions : IValidatableObject
{
    public const string Section = "Lms:Keys";

    /// <summary>How often a gateway looks at the key ring. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan Refresh { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a new key is published before it signs. Default: 2 minutes. At least twice <see cref="Refresh"/>, so that no
    /// gateway meets a key it does not know.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "7.00:00:00")]
    public TimeSpan AnnounceFor { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>A key that has signed for so long is replaced without anybody asking. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// A key that signs no more is kept for the lifetime of a token and so much longer, because clocks differ. Default: 5
    /// minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Margin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Where this gateway keeps a copy of the key ring, so that it can start, check tokens and sign people in while no silo
    /// answers. Default: none, because the folder must outlive the process and be nobody else's.
    /// </summary>
    public string File { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => AnnounceFor < 2 * Refresh
        ? [new($"{nameof(AnnounceFor)} must be at least twice {nameof(Refresh)}.", [nameof(AnnounceFor)])]
        : [];
}

[OptionsValidator]
internal sealed partial class KeyOptionsValidator : IValidateOptions<KeyOptions>;
