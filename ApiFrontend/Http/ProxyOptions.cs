using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Http;

/// <summary>Whose word about a client is believed. Section <c>Lms:Proxies</c>.</summary>
internal sealed class ProxyOptions : IValidatableObject
{
    public const string Section = "Lms:Proxies";

    /// <summary>Addresses (10.0.0.7) and networks (10.0.0.0/8) of proxies, besides this machine. Default: none.</summary>
    public IList<string> Known { get; } = [];

    /// <summary>How many proxies stand one behind another. Default: 1.</summary>
    [Range(1, 10)]
    public int Hops { get; set; } = 1;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from known in Known
        where NetworkOf(known) is null
        select new ValidationResult($"Proxies: '{known}' is neither an address nor a network.", [nameof(Known)]);

    public static IServiceCollection AddTo(IServiceCollection services)
    {
        services.AddOptions<ProxyOptions>().BindConfiguration(Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((forwarded, options) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedHost
                | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedPrefix;
            forwarded.ForwardLimit = options.Value.Hops;
            foreach (var known in options.Value.Known)
            {
                forwarded.KnownIPNetworks.Add(NetworkOf(known)!.Value);
            }
        });
        return services;
    }

    private static System.Net.IPNetwork? NetworkOf(string text) =>
        System.Net.IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : null;
}

[OptionsValidator]
internal sealed partial class ProxyOptionsValidator : IValidateOptions<ProxyOptions>;
