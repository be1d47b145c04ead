using Lms.ServiceDefaults;
using Npgsql;

namespace Lms.Silo.Commands;

/// <summary>What an operator can have done to a library instead of running a silo of it.</summary>
internal static class SiloCommands
{
    private static readonly Dictionary<string, Func<string[], IConfiguration, CancellationToken, Task<int>>> s_commands =
        new(StringComparer.Ordinal)
        {
            [MigrateCommand.Name] = MigrateCommand.RunAsync,
        };

    public static bool IsOne(string name) => s_commands.ContainsKey(name);

    /// <summary>Answers the exit code; throws <see cref="WrongSettingException"/> for what cannot be meant.</summary>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var configuration = WebApplication.CreateBuilder().Configuration;
        try
        {
            return await s_commands[arguments[0]](arguments[1..], configuration, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            await Console.Error.WriteLineAsync($"PostgreSQL: {exception.Message}");
            return ExitCodes.Failed;
        }
    }
}
