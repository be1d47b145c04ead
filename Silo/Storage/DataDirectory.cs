using System.Globalization;
using System.Security.Cryptography;

namespace Lms.Silo.Storage;

/// <summary>The folder of an embedded library, which one process has at a time.</summary>
public sealed class DataDirectory : IDisposable
{
    /// <summary>Bytes of the master key.</summary>
    public const int MasterKeyLength = 32;

    private const string LockName = "lms.lock";
    private const string OwnerName = "lms.pid";
    internal const string StatesName = "grains.db";
    internal const string ReadModelName = "read-model.db";
    internal const string UploadsName = "uploads";

    private readonly FileStream? _lock;

    private DataDirectory(string path, FileStream? @lock) => (Path, _lock) = (path, @lock);

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
            return RefuseMoved(directory);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Like <see cref="Take"/>, for those who only look: another process may have the folder, and there may be none.</summary>
    internal static DataDirectory Look(string path) => RefuseMoved(new(System.IO.Path.GetFullPath(path), @lock: null));

    /// <summary>Like <see cref="Take"/>, wherever its library lives.</summary>
    internal static DataDirectory TakeMoved(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(full);
        var owner = System.IO.Path.Combine(full, OwnerName);
        try
        {
            // The operating system gives the lock up when the process ends, however it ends.
            var @lock = new FileStream(
                System.IO.Path.Combine(full, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
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
            KeepMasterKey(RandomNumberGenerator.GetBytes(MasterKeyLength));
        }

        return System.IO.File.ReadAllBytes(MasterKeyFile);
    }

    public void Dispose() => _lock?.Dispose();

    // Half a key would lock the key ring for ever.
    internal void KeepMasterKey(byte[] key) => WriteWhole(MasterKeyFile, key, PrivateFile(FileMode.Create));

    /// <summary>Files of a library that is in the folder, or was: another one would be taken for the same.</summary>
    internal IEnumerable<string> Remains() => Directory.Exists(Path)
        ? Directory.EnumerateFileSystemEntries(Path).Select(entry => System.IO.Path.GetFileName(entry))
            .Where(name => name is UploadsName || name.StartsWith(StatesName, StringComparison.Ordinal) || name.StartsWith(ReadModelName, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
        : [];

    /// <summary>How to make a file that only its owner may read.</summary>
    internal static FileStreamOptions PrivateFile(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

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

    private static DataDirectory RefuseMoved(DataDirectory directory) =>
        Move.Of(directory)?.Refusal(directory) is { } refusal ? throw new DataDirectoryException(refusal) : directory;

    private static string StatesOf(string path) => System.IO.Path.Combine(path, StatesName);

    private string File(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>The data directory is not this process's to use. Its message is for whoever started the process.</summary>
public sealed class DataDirectoryException(string message, Exception? inner = null) : Exception(message, inner);
