using Lms.ApiFrontend;
using Lms.ApiFrontend.Embedded;
using Lms.ServiceDefaults;

const int refused = 3;

var isDemo = args.Contains("--demo", StringComparer.Ordinal);
var builder = WebApplication.CreateBuilder([.. args.Where(arg => arg != "--demo")]);
var settings = EmbeddedSettings.Of(builder.Configuration, isDemo);
DataDirectory directory;
try
{
    directory = DataDirectory.Take(settings.Directory);
}
catch (DataDirectoryInUseException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return refused;
}

using (directory)
{
    builder.WebHost.UseUrls(settings.Urls);
    builder.AddServiceDefaults().AddEmbeddedLibrary(directory, settings.TimeZone, isDemo).AddGateway();

    await using var app = builder.Build().UseGateway();
    await app.StartAsync();
    foreach (var url in app.Urls)
    {
        Console.WriteLine($"Lms.Orleans listening on {url}");
    }

    await app.WaitForShutdownAsync();
    return 0;
}
