using System.Net.Http.Json;
using System.Text.Json;

namespace Lms.Chaos.Cluster;

/// <summary>What a silo says about all silos.</summary>
public sealed record Activations(IReadOnlyList<Activations.OfSilo> Silos)
{
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>One silo: its membership status, and how many grains are active in it.</summary>
    public sealed record OfSilo(string Address, string Name, string Status, int Activations);

    /// <summary>Asks the first silo that answers; null when none does.</summary>
    public static async Task<Activations?> AskAsync(IEnumerable<Silo> silos, CancellationToken cancellationToken = default)
    {
        foreach (var silo in silos.Where(silo => silo is { IsRunning: true, IsFrozen: false }))
        {
            try
            {
                using var answer = await s_http.GetAsync(new Uri(silo.InternalUrl + "/activations"), cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return await answer.Content.ReadFromJsonAsync<Activations>(ClusterJson.Options, cancellationToken);
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or JsonException
                || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The next one may know.
            }
        }

        return null;
    }

    /// <summary>
    /// Lets silos go of all grains that do nothing: what is asked for next is placed among all of them, and one that has just
    /// joined gets its share. Throws when no silo can be asked.
    /// </summary>
    public static async Task CollectAsync(IEnumerable<Silo> silos, CancellationToken cancellationToken = default)
    {
        var silo = silos.First(silo => silo is { IsRunning: true, IsFrozen: false });
        using var answer = await s_http.DeleteAsync(new Uri(silo.InternalUrl + "/activations"), cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The keys of one kind of grain that are active at a silo.</summary>
    public static async Task<IReadOnlyList<string>> KeysAsync(Silo silo, string kind, CancellationToken cancellationToken = default) =>
        await s_http.GetFromJsonAsync<string[]>(new Uri($"{silo.InternalUrl}/activations?type={kind}"), cancellationToken) ?? [];
}
