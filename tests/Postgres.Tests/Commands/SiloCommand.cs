using System.Diagnostics;
using Lms.Tests.Shared;
using Npgsql;

namespace Lms.Postgres.Tests.Commands;

/// <summary>A command of <c>Silo.dll</c> as an operator gives it.</summary>
internal static class SiloCommand
{
    /// <summary>Nobody checks it, and nobody is to read it.</summary>
    public const string Password = "not-to-be-shown";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    public static async Task<Ended> RunAsync(NpgsqlDataSource? database, params string[] arguments) =>
        await RunAsync(database, masterKey: null, arguments);

    public static async Task<Ended> RunAsync(NpgsqlDataSource? database, string? masterKey, string[] arguments)
    {
        using var process = Launch(database, masterKey, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience, TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await errors);
    }

    public static Process Launch(NpgsqlDataSource? database, string? masterKey, string[] arguments)
    {
        var info = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var form = new DirectoryInfo(AppContext.BaseDirectory).Name;
        info.ArgumentList.Add(Path.Combine(Repository.Root, "artifacts", "bin", "Silo", form, "Silo.dll"));
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        if (database is not null)
        {
            info.Environment["ConnectionStrings__Postgres"] =
                new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = Password }.ToString();
        }

        if (masterKey is not null)
        {
            info.Environment["Lms__MasterKey"] = masterKey;
        }

        return Process.Start(info)!;
    }
}

/// <summary>What a command came to.</summary>
internal sealed record Ended(int Exit, string Output, string Errors)
{
    public void Is(int exit) => Assert.True(exit == Exit, $"It ended with {Exit}:\n{Output}\n{Errors}");

    /// <summary>Ended with one sentence, which has this in it.</summary>
    public void Refused(string sentence, int exit = 3)
    {
        Is(exit);
        Assert.Contains(sentence, Assert.Single(Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain(SiloCommand.Password, Output + Errors, StringComparison.Ordinal);
    }
}
