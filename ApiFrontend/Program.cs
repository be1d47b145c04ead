using Lms.ApiFrontend;
using Lms.ApiFrontend.Cluster;
using Lms.ApiFrontend.Embedded;
using Lms.ServiceDefaults;
using Lms.Silo.Cluster;
using Lms.Silo.Storage;

var isDemo = args.Contains("--demo", StringComparer.Ordinal);
try
{
    if (args is [KeyCommand.Name, .. var arguments])
    {
        return await KeyCommand.RunAsync(arguments, CancellationToken.None);
    }

    var builder = WebApplication.CreateBuilder([.. args.Where(arg => arg != "--demo")]);
    builder.AddServiceDefaults();
    if (ClusterSettings.AreIn(builder.Configuration))
    {
        await using var gateway = builder.AddClusterGateway(isDemo).AddGateway().Build().UseGateway();
        return await ServeAsync(gateway, ClusterSettings.Of(gateway.Configuration).InternalPorts);
    }

    var settings = EmbeddedSettings.Of(builder.Configuration, isDemo);
    using var directory = DataDirectory.Take(settings.Directory);
    builder.WebHost.UseUrls(settings.Urls);
    await using var app = builder.AddEmbeddedLibrary(directory, settings.TimeZone, isDemo).AddGateway().Build().UseGateway();
    return await ServeAsync(app, internalPorts: []);
}
catch (WrongSettingException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Wrong;
}
catch (DataDirectoryException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Refused;
}

// Clients are told of the URLs that are for them. The server words them anew: only the port tells which is which.
static async Task<int> ServeAsync(WebApplication app, IReadOnlyList<int> internalPorts)
{
    await app.StartAsync();
    foreach (var url in app.Urls.Where(url => !internalPorts.Contains(BindingAddress.Parse(url).Port)))
    {
        Console.WriteLine($"Lms.Orleans listening on {url}");
    }

    await app.WaitForShutdownAsync();
    return ExitCodes.Done;
}
