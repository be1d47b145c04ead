using Lms.Chaos.Servers;

namespace Lms.Chaos.Cluster;

/// <summary>Where the programs of silos and gateways are.</summary>
internal static class Binaries
{
    /// <summary>The folder of those that were built with this program, which runs from one of its folders.</summary>
    public static string Built => new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Parent!.FullName;

    /// <summary>The library to start with <c>dotnet</c>.</summary>
    /// <param name="project">Silo or ApiFrontend.</param>
    /// <param name="folder">
    /// One that holds a folder per project, as <c>artifacts/bin</c> does, or a publication of the project itself.
    /// </param>
    public static string Library(string project, string? folder)
    {
        // This process runs from artifacts/bin/{project}/{configuration}.
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = folder ?? Built;
        string[] candidates =
        [
            Path.Combine(root, project, configuration),
            Path.Combine(root, project, "debug"),
            Path.Combine(root, project, "release"),
            Path.Combine(root, project),
            root,
        ];
        return candidates.Select(candidate => Path.Combine(candidate, project + ".dll")).FirstOrDefault(IsProgram)
            ?? throw new MissingBinariesException(project, root);
    }

    private static bool IsProgram(string library) =>
        File.Exists(library) && File.Exists(Path.ChangeExtension(library, ".runtimeconfig.json"));
}

/// <summary>A program of the library was not built.</summary>
public sealed class MissingBinariesException(string project, string folder)
    : ClusterException($"{project}.dll is not a program in {folder}: build it first");
