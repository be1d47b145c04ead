using Lms.Grains.Infrastructure;
using Lms.Silo;
using Lms.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lms.Postgres.Tests.Commands;

/// <summary>A library on files, for as long as something is done with it.</summary>
internal static class EmbeddedLibrary
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<T> RunAsync<T>(string data, Func<IGrainFactory, Task<T>> work)
    {
        Directory.CreateDirectory(data);
        using (var directory = DataDirectory.TakeMoved(data))
        {
            _ = directory.MasterKey();
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.AddLmsSilo(data, TimeZoneInfo.Utc));
        var host = builder.Build();
        await host.StartAsync(Token);
        try
        {
            return await work(host.Services.GetRequiredService<IGrainFactory>());
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }
}

/// <summary>Everything that is stored, as text.</summary>
internal static class Rows
{
    public static async Task<List<string>> OfAsync(IStoredStates states, string? without = null)
    {
        var rows = new List<string>();
        await foreach (var row in states.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (row.StateName != without)
            {
                rows.Add($"{row with { Payload = null }} {Convert.ToBase64String(row.Payload?.ToArray() ?? [])}");
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
