using System.ComponentModel.DataAnnotations;
using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Alarms;

/// <summary>Who is told when a service is not well, and when it is again. Section <c>Lms:Alarms</c>.</summary>
internal sealed class AlarmOptions : IValidatableObject
{
    public const string Section = "Lms:Alarms";

    /// <summary>Where alarms are posted to, as JSON. Default: nowhere.</summary>
    public string? Webhook { get; set; }

    /// <summary>
    /// Signs what is posted (HMAC-SHA256, header <c>Lms-Signature</c>), so that the receiver knows whom it is from. At least 16
    /// characters. Default: none, nothing is signed.
    /// </summary>
    [MinLength(16)]
    public string? WebhookSecret { get; set; }

    /// <summary>Who gets mail.</summary>
    [ValidateObjectMembers]
    public SmtpOptions Smtp { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(Webhook)
            && !(Uri.TryCreate(Webhook, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)))
        {
            yield return new("The webhook is no address that begins with http:// or https://.", [nameof(Webhook)]);
        }
    }
}

/// <summary>Alarms by mail. Section <c>Lms:Alarms:Smtp</c>.</summary>
internal sealed class SmtpOptions : IValidatableObject
{
    /// <summary>The mail server. Default: none, no mail is sent.</summary>
    public string? Host { get; set; }

    /// <summary>Default: 587, where mail is handed in.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>The sender's address.</summary>
    public string? From { get; set; }

    /// <summary>The receivers' addresses, separated by commas.</summary>
    public string? To { get; set; }

    /// <summary>Default: none, the server lets everybody send who can reach it.</summary>
    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>Default: true. A password is never sent without.</summary>
    public bool StartTls { get; set; } = true;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(Host))
        {
            yield break;
        }

        if (!MailAddress.TryCreate(From, out _))
        {
            yield return new("Mail needs the address of a sender.", [nameof(From)]);
        }

        if (To is not { Length: > 0 } || To.Split(',', StringSplitOptions.TrimEntries).Any(to => !MailAddress.TryCreate(to, out _)))
        {
            yield return new("Mail needs addresses of receivers, separated by commas.", [nameof(To)]);
        }

        if (!string.IsNullOrEmpty(Username) && !StartTls)
        {
            yield return new("A password is only sent with StartTls.", [nameof(StartTls)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class AlarmOptionsValidator : IValidateOptions<AlarmOptions>;
