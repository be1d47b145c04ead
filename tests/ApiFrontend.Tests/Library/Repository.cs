namespace Lms.ApiFrontend.Tests.Library;

/// <summary>The folder that the project is checked out in.</summary>
internal static class Repository
{
    private static readonly string s_root = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([s_root, .. parts]);

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(directory.FullName, "Lms.Orleans.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return directory.FullName;
    }
}
