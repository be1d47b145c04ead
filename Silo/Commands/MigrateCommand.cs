using Lms.ServiceDefaults;
using Lms.Silo.Cluster;
using Lms.Silo.Storage;

namespace Lms.Silo.Commands;

/// <summary><c>migrate [--grant-to ROLE]</c>: brings the database to the schema of this release.</summary>
internal static class MigrateCommand
{
    public const string Name = "migrate";

    public static async Task<int> RunAsync(string[] arguments, IConfiguration configuration, CancellationToken cancellationToken)
    {
        var role = arguments switch
        {
            [] => null,
            ["--grant-to", [not '-', ..] name] => name,
            _ => throw new WrongSettingException("Usage: migrate [--grant-to ROLE]"),
        };
        await using var source = PostgresSource.Of(ClusterSettings.PostgresOf(configuration));
        await PostgresSchema.MigrateAsync(source, role, cancellationToken);
        await Console.Out.WriteLineAsync("The schema is up to date.");
        return ExitCodes.Done;
    }
}
