using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Resilience;

/// <summary>
/// How the gateway calls the grains of a service. Section <c>Lms:Resilience</c> for all of them, and
/// <c>Lms:Resilience:Services:{service}</c> for what one of them has otherwise.
/// </summary>
internal sealed class ResilienceOptions
{
    public const string Section = "Lms:Resilience";

    /// <summary>What single services have otherwise.</summary>
    public const string ServicesSection = $"{Section}:Services";

    /// <summary>All calls of a reading request together, retries included. Default: 4 seconds, twice what a frozen silo takes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>All calls of a writing request together, retries included. Default: 5 seconds: nothing else can answer a write.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Before the first retry; doubles, with jitter. Default: 50 milliseconds, less than it takes to notice a silo's end.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:05")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between retries. Default: 500 milliseconds, so that a write has some chances after a failover.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:30")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>More are not made, whatever time is left. 0 shows what clients would see without. Default: no limit.</summary>
    [Range(0, int.MaxValue)]
    public int MaxRetries { get; set; } = int.MaxValue;

    /// <summary>
    /// Retries of calls that may have been executed, as a share of all calls. Default: 0.1: a service in trouble is not asked
    /// twice as often. Calls that reached nobody may be repeated freely.
    /// </summary>
    [Range(0, 10)]
    public double RetryShare { get; set; } = 0.1;

    /// <summary>Such retries that may be made at once after a quiet time. Default: 2000, the calls of a failover under load.</summary>
    [Range(0, 1_000_000)]
    public int RetryBurst { get; set; } = 2000;

    /// <summary>
    /// One call to one grain. Default: 700 milliseconds in a cluster, well above the slowest healthy call and low enough to
    /// try again several times; within one process nothing is lost on the way, and an attempt may take all the time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>
    /// The share of failed attempts at which the breaker opens. Default: 0.9. Calls that fail are repeated, and each attempt counts:
    /// while one silo of three is away, three attempts of four may be for it, and its end must not shut the service of the others.
    /// </summary>
    [Range(0.01, 1)]
    public double BreakerFailureRatio { get; set; } = 0.9;

    /// <summary>Calls within <see cref="BreakerSampling"/> below which it stays closed. Default: 20; fewer prove nothing.</summary>
    [Range(2, 100_000)]
    public int BreakerMinimumCalls { get; set; } = 20;

    /// <summary>How far back the breaker looks. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan BreakerSampling { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the breaker refuses before it lets one call try. Doubles while that fails. Default: 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest of these. Default: 1 second, so that they do not grow: a single call as a test costs nothing, and of a silo that
    /// has just started the first two may be too slow.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan MaxBreakDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Calls under way to the service, reads and writes each; what comes beyond is refused at once. Default: 512: half of what
    /// a gateway bears in all, so that a service that hangs does not take the others' share.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxConcurrentCalls { get; set; } = 512;

    /// <summary>
    /// How long a read of the catalogue waits for the grain before the read model is asked as well. Default: 150 milliseconds,
    /// more than nearly every healthy call takes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:30")]
    public TimeSpan HedgeDelay { get; set; } = TimeSpan.FromMilliseconds(150);
}

[OptionsValidator]
internal sealed partial class ResilienceOptionsValidator : IValidateOptions<ResilienceOptions>;

/// <summary>Refuses numbers for a service that does not exist: nothing would be otherwise because of them.</summary>
internal sealed class ResilienceServicesValidator(IConfiguration configuration) : IValidateOptions<ResilienceOptions>
{
    public ValidateOptionsResult Validate(string? name, ResilienceOptions options)
    {
        // Once for all services, and not with the numbers of each.
        string[] unknown = name == ServicePipelines.Shared
            ? [.. ServicePipelines.Unknown(ResilienceOptions.ServicesSection, Configured())]
            : [];
        return unknown.Length > 0 ? ValidateOptionsResult.Fail(unknown) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> Configured() =>
        configuration.GetSection(ResilienceOptions.ServicesSection).GetChildren().Select(service => service.Key);
}
