using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Imports;
using Lms.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lms.Bench;

/// <summary>An embedded library without its gateway.</summary>
internal sealed class Library : IAsyncDisposable
{
    private readonly IHost _host;

    private Library(IHost host) => _host = host;

    public static async Task<Library> OpenAsync(string directory)
    {
        Directory.CreateDirectory(directory);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(silo => silo.AddLmsSilo(directory, TimeZoneInfo.Utc));
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    public async Task<Import> ImportAsync(string file, CatalogueFormat format, string? authorSeparator)
    {
        var upload = Guid.NewGuid().ToString("N");
        await using (var content = File.OpenRead(file))
        {
            await _host.Services.GetRequiredService<IUploads>().StoreAsync(upload, content);
        }

        var grain = _host.Services.GetRequiredService<IGrainFactory>().Import(ImportId.New());
        await grain.StartAsync(
            Operation.New(), new(upload, format, Path.GetFileName(file), AuthorSeparator: authorSeparator));
        while (true)
        {
            var import = (await grain.GetAsync()).Value!;
            if (!import.IsUnfinished)
            {
                return import;
            }

            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
