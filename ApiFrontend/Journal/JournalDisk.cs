using Microsoft.Win32.SafeHandles;

namespace Lms.ApiFrontend.Journal;

/// <summary>The disk below a journal. A test has one that fills up.</summary>
internal class JournalDisk
{
    /// <summary>Returns when the bytes will survive the loss of power.</summary>
    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        RandomAccess.Write(file, bytes, offset);
        RandomAccess.FlushToDisk(file);
    }
}
