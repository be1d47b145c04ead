using System.Text;
using Lms.ApiFrontend.Journal;
using Lms.ApiFrontend.Tests.Library;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Lms.ApiFrontend.Tests.Journal;

/// <summary>What is left of a file of records when a process, the power or the disk ends.</summary>
public sealed class JournalFileTests : IDisposable
{
    private static readonly byte[] s_head = "head"u8.ToArray();

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lms-journal-");
    private readonly LogRecords _log = new();

    private string Path => System.IO.Path.Combine(_directory.FullName, JournalFile.FileName);

    public void Dispose()
    {
        _log.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_appended_is_there_when_the_file_is_opened_again()
    {
        await WriteAsync("one", "", "three");

        Assert.Equal(["head", "one", "", "three"], Reopened());
        Assert.Empty(_log.All);
    }

    [Fact]
    public async Task Of_many_that_wait_for_the_disk_all_are_kept_and_in_fewer_writes()
    {
        using var gate = new ManualResetEventSlim();
        var disk = new Disk { Gate = gate };
        var texts = Enumerable.Range(0, 200).Select(number => $"{number}").ToArray();
        using (var file = Open(disk))
        {
            var appended = texts.Select(text => file.AppendAsync(Encoding.UTF8.GetBytes(text))).ToArray();
            gate.Set();
            await Task.WhenAll(appended);
        }

        Assert.Equal(["head", .. texts], Reopened());
        Assert.InRange(disk.Writes, 1, 2);
    }

    [Fact]
    public async Task A_record_that_is_torn_at_any_byte_is_cut_off_and_all_before_it_stays()
    {
        await WriteAsync("one", "two");
        var whole = await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken);
        var last = whole.Length - JournalFormat.Encode("two"u8).Length;

        for (var length = last + 1; length < whole.Length; length++)
        {
            _log.Clear();
            await File.WriteAllBytesAsync(Path, whole[..length], TestContext.Current.CancellationToken);
            await AppendAsync("after");

            Assert.Equal(["head", "one", "after"], Reopened());
            Assert.Equal(LogLevel.Warning, Assert.Single(_log.All).Level);
        }
    }

    [Fact]
    public async Task A_file_that_was_torn_before_it_had_a_head_begins_anew()
    {
        await File.WriteAllBytesAsync(Path, JournalFormat.Encode(s_head)[..7], TestContext.Current.CancellationToken);

        Assert.Equal(["head"], Reopened());
    }

    // Whatever byte of a record in the middle is wrong: its mark, its length, its checksum or its content.
    [Fact]
    public async Task A_record_that_is_broken_in_the_middle_takes_no_other_with_it_and_the_file_is_set_aside()
    {
        await WriteAsync("one", "two", "three");
        var whole = await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken);
        var (first, length) = (JournalFormat.Encode(s_head).Length, JournalFormat.Encode("one"u8).Length);

        for (var at = first; at < first + length; at++)
        {
            _log.Clear();
            byte[] broken = [.. whole];
            broken[at] ^= 0x41;
            await File.WriteAllBytesAsync(Path, broken, TestContext.Current.CancellationToken);

            Assert.Equal(["head", "two", "three"], Reopened());
            Assert.Equal(["head", "two", "three"], Reopened());
            Assert.Equal(LogLevel.Critical, Assert.Single(_log.All).Level);
            var aside = Assert.Single(_directory.GetFiles("*.broken-*"));
            Assert.Equal(broken, await File.ReadAllBytesAsync(aside.FullName, TestContext.Current.CancellationToken));
            aside.Delete();
        }
    }

    [Fact]
    public async Task A_file_whose_head_is_broken_gets_another_head()
    {
        await WriteAsync("one");
        var whole = await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken);
        whole[5] ^= 1;
        await File.WriteAllBytesAsync(Path, whole, TestContext.Current.CancellationToken);

        Assert.Equal(["head", "one"], Reopened());
        Assert.Equal(LogLevel.Critical, Assert.Single(_log.All).Level);
    }

    [Theory]
    [InlineData(Fault.Full)]
    [InlineData(Fault.NotFlushed)]
    public async Task A_disk_that_refuses_keeps_nothing_and_goes_on_when_there_is_room(Fault fault)
    {
        var disk = new Disk();
        using (var file = Open(disk))
        {
            await file.AppendAsync("one"u8);
            disk.Fault = fault;
            await Assert.ThrowsAsync<IOException>(() => file.AppendAsync("two"u8));
            await Assert.ThrowsAsync<IOException>(() => file.AppendAsync("three, which is longer"u8));
            disk.Fault = Fault.None;
            await file.AppendAsync("4"u8);
        }

        Assert.Equal(["head", "one", "4"], Reopened());
        Assert.Empty(_log.All);
    }

    // A process that ends after a write that failed leaves half of a record, which nobody was told is kept.
    [Fact]
    public async Task What_a_full_disk_has_torn_is_cut_off_at_the_next_start()
    {
        var disk = new Disk();
        using (var file = Open(disk))
        {
            await file.AppendAsync("one"u8);
            disk.Fault = Fault.Full;
            await Assert.ThrowsAsync<IOException>(() => file.AppendAsync("two"u8));
        }

        Assert.Equal(["head", "one"], Reopened());
        Assert.Equal(LogLevel.Warning, Assert.Single(_log.All).Level);
    }

    [Fact]
    public async Task A_cleared_file_keeps_its_head_and_what_is_appended_after()
    {
        using (var file = Open())
        {
            var before = file.AppendAsync("one"u8);
            var cleared = file.ClearAsync();
            var after = file.AppendAsync("two"u8);
            await Task.WhenAll(before, cleared, after);
            Assert.False(file.IsEmpty);
        }

        Assert.Equal(["head", "two"], Reopened());
    }

    [Fact]
    public void One_process_at_a_time_has_the_file()
    {
        using (Open())
        {
            Assert.Throws<IOException>(() => Open());
        }

        using var later = Open();
        Assert.True(later.IsEmpty);
    }

    private JournalFile Open(JournalDisk? disk = null) => JournalFile.Open(
        _directory.FullName, s_head, disk ?? new(), DateTimeOffset.UnixEpoch, _log.CreateLogger("journal"));

    private string[] Reopened()
    {
        using var file = Open();
        return [.. file.Records.Select(record => Encoding.UTF8.GetString(record.Span))];
    }

    private Task WriteAsync(params string[] texts) => AppendAsync(texts);

    private async Task AppendAsync(params string[] texts)
    {
        using var file = Open();
        foreach (var text in texts)
        {
            await file.AppendAsync(Encoding.UTF8.GetBytes(text));
        }
    }

    public enum Fault
    {
        None = 0,

        /// <summary>Half of it is written.</summary>
        Full = 1,

        /// <summary>All of it is written, and nobody knows whether it stays.</summary>
        NotFlushed = 2,
    }

    private sealed class Disk : JournalDisk
    {
        public Fault Fault { get; set; }

        /// <summary>The first write waits for it.</summary>
        public ManualResetEventSlim? Gate { get; init; }

        public int Writes { get; private set; }

        public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
        {
            Writes++;
            Gate?.Wait(TestContext.Current.CancellationToken);
            base.Write(file, Fault == Fault.Full ? bytes[..(bytes.Length / 2)] : bytes, offset);
            if (Fault != Fault.None)
            {
                throw new IOException("No space left on device.");
            }
        }
    }
}
