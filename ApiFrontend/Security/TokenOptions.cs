using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Security;

/// <summary>What tokens say. Section <c>Lms:Tokens</c>.</summary>
internal sealed class TokenOptions
{
    public const string Section = "Lms:Tokens";

    /// <summary>Default: example.io, as existing clients expect.</summary>
    [Required, MinLength(1)]
    public string Issuer { get; set; } = "example.io";

    /// <summary>Neither written nor checked when empty, which is the default.</summary>
    public string Audience { get; set; } = "";

    /// <summary>How long a token is good for. Default: 10 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(10);
}

[OptionsValidator]
internal sealed partial class TokenOptionsValidator : IValidateOptions<TokenOptions>;
