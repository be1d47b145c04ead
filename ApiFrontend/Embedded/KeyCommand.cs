using System.Globalization;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Lms.ServiceDefaults;
using Lms.Silo;
using Lms.Silo.Storage;

namespace Lms.ApiFrontend.Embedded;

/// <summary>
/// <c>rotate-keys [--data DIR] [--revoke KID]</c>: replaces or revokes a signing key of an embedded library that is not running.
/// </summary>
/// <remarks>Nobody has to be told of the new key first: every gateway that starts afterwards reads the ring.</remarks>
internal static class KeyCommand
{
    public const string Name = "rotate-keys";

    private const string Usage = "Usage: rotate-keys [--data DIR] [--revoke KID]";

    /// <summary>Answers the exit code; throws what a start of the library throws.</summary>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in arguments.Chunk(2))
        {
            if (pair is not ["--data" or "--revoke", [not '-', ..]] || !settings.TryAdd(pair[0][2..], pair[1]))
            {
                throw new WrongSettingException(Usage);
            }
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddInMemoryCollection(settings!);
        var where = EmbeddedSettings.Of(builder.Configuration, isDemo: false);
        if (!DataDirectory.IsLibrary(where.Directory))
        {
            throw new WrongSettingException($"There is no library in {Path.GetFullPath(where.Directory)}.");
        }

        using var directory = DataDirectory.Take(where.Directory);
        builder.UseOrleans(silo => silo.AddLmsSilo(directory.Path, where.TimeZone));
        builder.Services.AddSingleton(new MasterKey(directory.MasterKey()));
        builder.Services.AddSigningKeys();
        using var host = builder.Build();
        WrongSettingException.ThrowIfAny(host.Services);
        await host.StartAsync(cancellationToken);
        try
        {
            return await ChangeAsync(
                host.Services.GetRequiredService<SigningKeys>(), settings.GetValueOrDefault("revoke"), cancellationToken);
        }
        finally
        {
            await host.StopAsync(cancellationToken);
        }
    }

    private static async Task<int> ChangeAsync(SigningKeys keys, string? revoked, CancellationToken cancellationToken)
    {
        await keys.RefreshAsync(cancellationToken);
        if (revoked is null)
        {
            await keys.RotateAsync(Operation.New(), announceFor: TimeSpan.Zero, cancellationToken);
        }
        else if ((await keys.RevokeAsync(Operation.New(), revoked, cancellationToken)).Rejection is { } refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Detail);
            return ExitCodes.Refused;
        }

        foreach (var key in await keys.ListAsync(cancellationToken))
        {
            await Console.Out.WriteLineAsync(key.VerifiesUntil is { } end
                ? string.Create(CultureInfo.InvariantCulture, $"{key.Kid} {key.State} until {end:u}")
                : $"{key.Kid} {key.State}");
        }

        return ExitCodes.Done;
    }
}
