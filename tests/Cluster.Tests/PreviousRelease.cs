using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using Lms.Tests.Shared;

namespace Lms.Cluster.Tests;

/// <summary>The release that runs beside this one during a rollout: the commit that tests/previous-release names.</summary>
internal static class PreviousRelease
{
    private const string Configuration = "Release";

    private static readonly Lazy<string> s_commit = new(
        () => File.ReadAllText(Path.Combine(Repository.Root, "tests", "previous-release")).Trim());

    private static string Commit => s_commit.Value;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The version that its programs say: its own, and the commit.</summary>
    public static async Task<string> VersionAsync()
    {
        const string start = "<Version>";
        var properties = await ReadAsync("Directory.Build.props");
        var version = properties[(properties.IndexOf(start, StringComparison.Ordinal) + start.Length)..];
        return $"{version[..version.IndexOf('<', StringComparison.Ordinal)]}+{Commit}";
    }

    /// <summary>A version without its commit: every commit has another.</summary>
    public static string Number(string version) => version.Split('+')[0];

    /// <summary>A file as the release had it.</summary>
    public static async Task<string> ReadAsync(string path)
    {
        await SkipWithoutAsync();
        return await OutputAsync("git", ["show", $"{Commit}:{path}"], Repository.Root);
    }

    /// <summary>Paths of the files in a folder, as the release had it; none when it had no such folder.</summary>
    public static async Task<IReadOnlyList<string>> FilesAsync(string folder)
    {
        await SkipWithoutAsync();
        var names = await OutputAsync("git", ["ls-tree", "-r", "--name-only", Commit, "--", folder], Repository.Root);
        return names.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The folder of its programs; they are built once and kept in artifacts.</summary>
    public static async Task<string> BuiltAsync()
    {
        await SkipWithoutAsync();
        var folder = Path.Combine(Repository.Root, "artifacts", "previous-release");
        Directory.CreateDirectory(folder);
        var built = Path.Combine(folder, Commit);
        await using (await LockAsync(built + ".lock"))
        {
            if (!Directory.Exists(built))
            {
                await BuildAsync(built + ".unfinished", built);
            }
        }

        return built;
    }

    // What has its name is whole: nothing is built under it, and a folder changes its name at once or not at all.
    private static async Task BuildAsync(string unfinished, string built)
    {
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        var sources = Directory.CreateDirectory(Path.Combine(unfinished, "sources")).FullName;
        var archive = Path.Combine(unfinished, "sources.tar");
        await OutputAsync("git", ["archive", "--format=tar", $"--output={archive}", Commit], Repository.Root);
        await TarFile.ExtractToDirectoryAsync(archive, sources, overwriteFiles: false, Cancellation);

        // The gateway's project builds the silo as well. Servers of the compiler would outlive the test and hold its output.
        // The sources were checked when they were released; what is published of their packages since then is not theirs.
        string[] arguments =
        [
            "build", "ApiFrontend/ApiFrontend.csproj", "--configuration", Configuration, "--nologo", "--verbosity", "quiet",
            "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:RestoreLockedMode=true", "-p:RunAnalyzers=false",
            "-p:NuGetAudit=false", $"-p:SourceRevisionId={Commit}",
        ];
        await OutputAsync("dotnet", arguments, sources);
        Directory.Move(Path.Combine(sources, "artifacts", "bin"), built);
        Directory.Delete(unfinished, recursive: true);
    }

    private static async Task SkipWithoutAsync()
    {
        try
        {
            await OutputAsync("git", ["cat-file", "-e", $"{Commit}^{{commit}}"], Repository.Root);
        }
        catch (Exception missing) when (missing is CommandFailedException or Win32Exception)
        {
            const string message = "Needs git and the commit that tests/previous-release names: git fetch --unshallow brings it.";
            Assert.SkipUnless(Clusters.IsRequired, message);
            Assert.Fail(message);
        }
    }

    /// <summary>Only one process builds; the lock of one that has died is free.</summary>
    private static async Task<FileStream> LockAsync(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(200, Cancellation);
            }
        }
    }

    private static async Task<string> OutputAsync(string program, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
            await Task.WhenAll(output, errors, process.WaitForExitAsync(Cancellation));
            var exitCode = process.ExitCode.ToString(CultureInfo.InvariantCulture);
            return process.ExitCode == 0
                ? await output
                : throw new CommandFailedException($"{program} {arguments[0]} ended with exit code {exitCode}:\n{await output}{await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

/// <summary>A program that the tests need could not do its work. The message has its output.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
