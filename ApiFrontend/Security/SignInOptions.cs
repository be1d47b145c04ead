using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Security;

/// <summary>How long guessing passwords takes. Section <c>Lms:SignIn</c>.</summary>
internal sealed class SignInOptions
{
    public const string Section = "Lms:SignIn";

    /// <summary>Wrong passwords of one account from one address before the next one has to wait. Default: 5.</summary>
    [Range(1, 1_000)]
    public int FreeFailures { get; set; } = 5;

    /// <summary>The same for one address and all accounts: many people may share it. Default: 100.</summary>
    [Range(1, 100_000)]
    public int FreeFailuresOfAddress { get; set; } = 100;

    /// <summary>
    /// Addresses with wrong passwords for one account before others, from which nobody has signed in to it, have to wait
    /// too. Default: 20.
    /// </summary>
    [Range(1, 100_000)]
    public int FreeAddresses { get; set; } = 20;

    /// <summary>The first wait; each further failure doubles it. Default: 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait. Default: 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>As many failures as are free are forgotten in this time, one after another. Default: 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Forget { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Passwords that one address may have checked at the same time. Default: 100.</summary>
    [Range(1, 10_000)]
    public int AtOnce { get; set; } = 100;

    /// <summary>Accounts, addresses and pairs of both that are remembered, each; the oldest are forgotten. Default: 100000.</summary>
    [Range(10, 10_000_000)]
    public int Remembered { get; set; } = 100_000;
}

[OptionsValidator]
internal sealed partial class SignInOptionsValidator : IValidateOptions<SignInOptions>;
