using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Resilience;

/// <summary>Faults that the gateway makes itself, to see what becomes of them. Section <c>Lms:Chaos</c>; off unless it says otherwise.</summary>
internal sealed class ChaosOptions : IValidatableObject
{
    public const string Section = "Lms:Chaos";

    /// <summary>The share of calls to grains that fail without having reached one. Default: 0.</summary>
    [Range(0, 1)]
    public double FaultRate { get; set; }

    /// <summary>The share of calls to grains that are delayed. Default: 0.</summary>
    [Range(0, 1)]
    public double LatencyRate { get; set; }

    /// <summary>By how much. Default: 1 second, longer than an attempt may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan Latency { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The services whose calls are meant. Default: all.</summary>
    public IList<string> Services { get; } = [];

    public bool IsFor(string service) => Services.Count == 0 || Services.Contains(service, StringComparer.OrdinalIgnoreCase);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        ServicePipelines.Unknown($"{Section}:{nameof(Services)}", Services).Select(sentence => new ValidationResult(sentence));
}

[OptionsValidator]
internal sealed partial class ChaosOptionsValidator : IValidateOptions<ChaosOptions>;
