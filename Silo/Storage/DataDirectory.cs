using System.Globalization;
using System.Security.Cryptography;

namespace Lms.Silo.Storage;

/// <summary>The folder of an embedded library, which one process has at a time.</summary>
public sealed class DataDirectory : IDisposable
{
    /// <summary>Bytes of the master key.</summary>
    public const int MasterKeyLength = 32;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    /// <summary>The file of the states.</summary>
    internal string States => StatesOf(Path);

    internal string MasterKeyFile => File("master.key");

    /// <summary>The file that tells where the library has gone.</summary>
    internal string MoveFile => File("moved.json");

    /// <summary>True when somebody has used the folder as that of a library.</summary>
    public static bool IsLibrary(string path) => System.IO.File.Exists(StatesOf(path));

    /// <summary>
    /// Takes the folder; throws <see cref="DataDirectoryException"/> when another process has it, or when its library lives
    /// elsewhere now.
    /// </summary>
    public static DataDirectory Take(string path)
    {
        var directory = TakeMoved(path);
        try
        {
            return Move.Of(directory)?.Refusal(directory) is { } refusal ? throw new DataDirectoryException(refusal) : directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Like <see cref="Take"/>, wherever its library lives.</summary>
    internal static DataDirectory TakeMoved(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(full);
        var owner = System.IO.Path.Combine(full, "lms.pid");
        try
        {
            // The operating system gives the lock up when the process ends, however it ends.
            var @lock = new FileStream(
                System.IO.Path.Combine(full, "lms.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            System.IO.File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(full, @lock);
        }
        catch (IOException exception) when (System.IO.File.Exists(owner))
        {
            throw new DataDirectoryException(
                $"data directory {full} is in use by process {System.IO.File.ReadAllText(owner)}", exception);
        }
    }

    /// <summary>The master key of the folder, made at its first use and readable by nobody else.</summary>
    public byte[] MasterKey()
    {
        if (!System.IO.File.Exists(MasterKeyFile))
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            // Half a key would lock the key ring for ever.
            WriteWhole(MasterKeyFile, RandomNumberGenerator.GetBytes(MasterKeyLength), options);
        }

        return System.IO.File.ReadAllBytes(MasterKeyFile);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Whole or not at all, and safe from the loss of power when it returns.</summary>
    internal static void WriteWhole(string path, ReadOnlySpan<byte> content, FileStreamOptions? options = null)
    {
        var draft = path + ".new";
        using (var stream = new FileStream(draft, options ?? new() { Mode = FileMode.Create, Access = FileAccess.Write }))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        System.IO.File.Move(draft, path, overwrite: true);
    }

    private static string StatesOf(string path) => System.IO.Path.Combine(path, "grains.db");

    private string File(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>The data directory is not this process's to use. Its message is for whoever started the process.</summary>
public sealed class DataDirectoryException(string message, Exception? inner = null) : Exception(message, inner);
