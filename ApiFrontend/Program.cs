using Lms.ApiFrontend;
using Lms.ApiFrontend.Embedded;
using Lms.ServiceDefaults;

var isDemo = args.Contains("--demo", StringComparer.Ordinal);
try
{
    if (args is [KeyCommand.Name, .. var arguments])
    {
        return await KeyCommand.RunAsync(arguments, CancellationToken.None);
    }

    var builder = WebApplication.CreateBuilder([.. args.Where(arg => arg != "--demo")]);
    var settings = EmbeddedSettings.Of(builder.Configuration, isDemo);
    using var directory = DataDirectory.Take(settings.Directory);

    builder.WebHost.UseUrls(settings.Urls);
    builder.AddServiceDefaults().AddEmbeddedLibrary(directory, settings.TimeZone, isDemo).AddGateway();

    await using var app = builder.Build().UseGateway();
    WrongSettingException.ThrowIfAny(app.Services);
    await app.StartAsync();
    foreach (var url in app.Urls)
    {
        Console.WriteLine($"Lms.Orleans listening on {url}");
    }

    await app.WaitForShutdownAsync();
    return ExitCodes.Done;
}
catch (WrongSettingException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Wrong;
}
catch (DataDirectoryInUseException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Refused;
}
