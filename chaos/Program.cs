using Lms.Chaos;
using Lms.Chaos.Cluster;
using Lms.Chaos.Load;
using Lms.Chaos.Measure;
using Lms.Chaos.Servers;
using Lms.Chaos.Up;

try
{
    return args switch
    {
        ["up", .. var rest] => await UpCommand.RunAsync(UpArguments.Parse(rest)),
        ["load", .. var rest] => await LoadCommand.RunAsync(LoadArguments.Parse(rest)),
        ["measure", .. var rest] => await MeasureCommand.RunAsync(MeasureArguments.Parse(rest)),
        _ => throw new UsageException("chaos up | load | measure", $"{UpArguments.Usage}\n{LoadArguments.Usage}\n{MeasureArguments.Usage}"),
    };
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Usage;
}
catch (ClusterDirectoryInUseException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Refused;
}
catch (Exception exception) when (exception is ClusterException or LoadException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Failed;
}
