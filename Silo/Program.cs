using Lms.ServiceDefaults;
using Lms.Silo.Cluster;
using Lms.Silo.Commands;

try
{
    if (args is [var command, ..] && SiloCommands.IsOne(command))
    {
        return await SiloCommands.RunAsync(args, CancellationToken.None);
    }

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
