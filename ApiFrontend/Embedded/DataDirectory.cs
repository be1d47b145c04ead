using System.Globalization;
using System.Security.Cryptography;
using Lms.ApiFrontend.Security;

namespace Lms.ApiFrontend.Embedded;

/// <summary>The folder of an embedded library, which one process has at a time.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    /// <summary>Takes the folder; throws <see cref="DataDirectoryInUseException"/> when another process has it.</summary>
    public static DataDirectory Take(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(full);
        var owner = System.IO.Path.Combine(full, "lms.pid");
        try
        {
            // The operating system gives the lock up when the process ends, however it ends.
            var @lock = new FileStream(
                System.IO.Path.Combine(full, "lms.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(full, @lock);
        }
        catch (IOException exception) when (File.Exists(owner))
        {
            throw new DataDirectoryInUseException(full, File.ReadAllText(owner), exception);
        }
    }

    /// <summary>The master key of the folder, made at its first use and readable by nobody else.</summary>
    public MasterKey MasterKey()
    {
        var path = System.IO.Path.Combine(Path, "master.key");
        if (!File.Exists(path))
        {
            // Whole or not at all: half a key would lock the key ring for ever.
            var draft = path + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(draft, options))
            {
                stream.Write(RandomNumberGenerator.GetBytes(Security.MasterKey.Length));
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path);
        }

        return new(File.ReadAllBytes(path));
    }

    public void Dispose() => _lock.Dispose();
}

/// <summary>Another process has the data directory.</summary>
internal sealed class DataDirectoryInUseException(string path, string process, Exception inner)
    : Exception($"data directory {path} is in use by process {process}", inner);
