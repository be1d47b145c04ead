using Lms.ServiceDefaults;
using Lms.Silo.Cluster;

try
{
    await using var app = SiloProcess.Create(args);
    WrongSettingException.ThrowIfAny(app.Services);
    await app.RunAsync();
    return ExitCodes.Done;
}
catch (WrongSettingException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Wrong;
}
