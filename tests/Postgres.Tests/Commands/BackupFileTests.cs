using System.Runtime.CompilerServices;
using Lms.Grains.Infrastructure;
using Lms.Silo.Commands;
using Lms.Tests.Shared;

namespace Lms.Postgres.Tests.Commands;

/// <summary>What is read from a backup is what was written to it, whatever happened to the file.</summary>
public sealed class BackupFileTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly TempDirectory _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_home.Path, "library.backup");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Every_column_comes_back_as_finely_as_PostgreSQL_knows_it()
    {
        var states = new Memory([.. Many(3), new(1, 2, 3, 4, "cleared", null, "lms", null, s_now.AddMicroseconds(1), 7)]);

        await BackupFile.WriteAsync(Path, states, masterKey: null, s_now, Token);

        var (backup, read) = await BackupFile.OpenAsync(Path, Token);
        Assert.Equal((4, s_now, null), (backup.States, backup.MadeAt, backup.KeyMark));
        Assert.Equal(await Rows.OfAsync(states), await Rows.OfAsync(read));
    }

    [Fact]
    public async Task Whatever_byte_is_wrong_and_wherever_it_ends_nothing_else_than_what_was_written_is_read()
    {
        var states = new Memory([.. Many(40)]);
        await BackupFile.WriteAsync(Path, states, masterKey: null, s_now, Token);
        var whole = await File.ReadAllBytesAsync(Path, Token);
        var expected = await Rows.OfAsync(states);
        var random = new Random(20_260_105);
        var refused = 0;
        for (var i = 0; i < 400; i++)
        {
            var damaged = whole.ToArray();
            if (i % 4 == 0)
            {
                damaged = damaged[..random.Next(damaged.Length)];
            }
            else
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            await File.WriteAllBytesAsync(Path, damaged, Token);
            try
            {
                var (_, read) = await BackupFile.OpenAsync(Path, Token);
                Assert.Equal(expected, await Rows.OfAsync(read));
            }
            catch (RefusedException)
            {
                refused++;
            }
        }

        // The rest struck an index or a place that is not used.
        Assert.InRange(refused, 200, 399);
    }

    [Fact]
    public async Task A_backup_that_does_not_come_to_its_end_leaves_nothing()
    {
        var states = new Memory([.. Many(10)], breaks: true);

        await Assert.ThrowsAsync<IOException>(() => BackupFile.WriteAsync(Path, states, masterKey: null, s_now, Token));

        Assert.Empty(Directory.GetFileSystemEntries(_home.Path));
    }

    private static IEnumerable<StoredRow> Many(int count)
    {
        var random = new Random(7);
        for (var i = 0; i < count; i++)
        {
            var payload = new byte[500];
            random.NextBytes(payload);
            yield return new(i, 0, 0, 5, "book", $"isbn:{i}", "lms", new(payload), s_now.AddMicroseconds(i), i + 1);
        }
    }

    private sealed class Memory(StoredRow[] rows, bool breaks = false) : IStoredStates
    {
        public async IAsyncEnumerable<StoredRow> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var row in rows)
            {
                await Task.Yield();
                yield return row;
            }

            if (breaks)
            {
                throw new IOException("The connection is gone.");
            }
        }

        public IAsyncEnumerable<StoredRow> ReadAsync(IReadOnlyCollection<string> stateNames, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<StoredVersion>> GetVersionsAsync(string stateName, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<StoredState?> FindAsync(string stateName, string key, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
