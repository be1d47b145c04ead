using Lms.ApiFrontend.Journal;
using Microsoft.Win32.SafeHandles;

namespace Lms.ApiFrontend.Tests.Journal;

/// <summary>A disk that has no room any more in the middle of a record.</summary>
internal sealed class FullDisk : JournalDisk
{
    public bool IsFull { get; set; }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        base.Write(file, IsFull ? bytes[..(bytes.Length / 2)] : bytes, offset);
        if (IsFull)
        {
            throw new IOException("No space left on device.");
        }
    }
}
