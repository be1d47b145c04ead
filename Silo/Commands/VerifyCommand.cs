using System.Globalization;
using Lms.Grains;
using Lms.Grains.Verification;
using Lms.ReadModel.Infrastructure;
using Lms.ServiceDefaults;
using Lms.Silo.Cluster;
using Lms.Silo.Storage;

namespace Lms.Silo.Commands;

/// <summary>
/// <c>verify [--repair] [--data DIR]</c>: whether what is stored agrees with itself; on PostgreSQL, or in an embedded library
/// that is not running.
/// </summary>
internal static class VerifyCommand
{
    public const string Name = "verify";

    /// <summary>Findings of one kind that are told one by one.</summary>
    private const int Told = 20;

    public static async Task<int> RunAsync(string[] arguments, IConfiguration configuration, CancellationToken cancellationToken)
    {
        var repairs = arguments.Contains("--repair", StringComparer.Ordinal);
        string[] others = [.. arguments.Where(argument => argument != "--repair")];
        switch (others)
        {
            case []:
                await using (var postgres = PostgresSource.Of(ClusterSettings.PostgresOf(configuration)))
                {
                    await SiloCommands.RefuseOldSchemaAsync(postgres, cancellationToken);
                    if (repairs)
                    {
                        await SiloCommands.RefuseRunningSilosAsync(postgres, cancellationToken);
                    }

                    using var silo = CommandSilo.Of(postgres, ClusterSettings.TimeZoneOf(configuration));
                    return await VerifyAsync(silo, repairs, isAtRest: repairs, cancellationToken);
                }

            case ["--data", [not '-', ..] path]:
                SiloCommands.RefuseNoLibrary(path);
                using (var directory = DataDirectory.Take(path))
                using (var silo = CommandSilo.Of(directory, ClusterSettings.TimeZoneOf(configuration)))
                {
                    if (!await silo.Services.GetRequiredService<ReadModelDatabase>().IsCurrentAsync(cancellationToken))
                    {
                        throw new RefusedException($"{directory.Path} has no read model of this release: start the library once.");
                    }

                    return await VerifyAsync(silo, repairs, isAtRest: true, cancellationToken);
                }

            default:
                throw new WrongSettingException("Usage: verify [--repair] [--data DIR]");
        }
    }

    private static async Task<int> VerifyAsync(IHost silo, bool repairs, bool isAtRest, CancellationToken cancellationToken)
    {
        var verification = await LibraryGrains.VerifyAsync(silo.Services, isAtRest, cancellationToken);
        await TellAsync(verification);
        if (verification.IsRight || !repairs)
        {
            return ExitCodeOf(verification);
        }

        if (!verification.IsReadable)
        {
            throw new RefusedException("Nothing is repaired while states cannot be read: restore a backup.");
        }

        await silo.StartAsync(cancellationToken);
        try
        {
            await LibraryGrains.MendAsync(silo.Services, verification.Kinds.SelectMany(kind => kind.Findings), cancellationToken);
        }
        finally
        {
            // What sequences have left over is given back, and what was to be shown is shown.
            await silo.StopAsync(cancellationToken);
        }

        await Console.Out.WriteLineAsync("After the repair:");
        verification = await LibraryGrains.VerifyAsync(silo.Services, isAtRest, cancellationToken);
        await TellAsync(verification);
        return ExitCodeOf(verification);
    }

    private static int ExitCodeOf(VerifiedLibrary verification) => verification.IsRight ? ExitCodes.Done : ExitCodes.Failed;

    private static async Task TellAsync(VerifiedLibrary verification)
    {
        foreach (var kind in verification.Kinds)
        {
            var underway = kind.Underway > 0 ? $", {kind.Underway} under way" : "";
            var outcome = kind.Findings.Count > 0 ? $"{kind.Findings.Count} wrong" : "right";
            await TellAsync($"{kind.Kind}: {kind.Counted}: {outcome}{underway}");
            foreach (var finding in kind.Findings.Take(Told))
            {
                await TellAsync($"  {finding.Subject} {finding.Problem}{(finding.Mend is null ? "" : " (can be repaired)")}");
            }

            if (kind.Findings.Count > Told)
            {
                await TellAsync($"  and {kind.Findings.Count - Told} more");
            }
        }
    }

    private static Task TellAsync(FormattableString line) =>
        Console.Out.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}
