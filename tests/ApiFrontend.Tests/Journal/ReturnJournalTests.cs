using System.Diagnostics.Metrics;
using Lms.ApiFrontend.Journal;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Journal;

/// <summary>What the journal keeps, for how long, and of how many.</summary>
public sealed class ReturnJournalTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lms-journal-");
    private readonly FakeTimeProvider _clock = new(new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LogRecords _log = new();
    private readonly JournalMetrics _metrics;

    public ReturnJournalTests() => _metrics = new(_services.GetRequiredService<IMeterFactory>());

    private string Path => System.IO.Path.Combine(_directory.FullName, JournalFile.FileName);

    public void Dispose()
    {
        _services.Dispose();
        _log.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_accepted_and_decided_is_known_after_a_restart()
    {
        var (waiting, done) = (Entry(), Entry());
        string? name;
        using (var journal = Open())
        {
            name = journal.Name;
            await journal.AcceptAsync(waiting);
            await journal.DecideAsync((await journal.AcceptAsync(done))!, Applied(done));
        }

        using var again = Open();

        Assert.Equal(name, again.Name);
        Assert.Equal((1, waiting.At), (again.Depth, again.Oldest!.Value));
        Assert.Equal(waiting, again.Find(waiting.Operation)!.Entry);
        Assert.Equal(Applied(done), again.Find(done.Operation)!.Outcome);
    }

    // A process that is killed between the write and its end leaves any part of the record.
    [Fact]
    public async Task What_is_torn_was_not_accepted_and_everything_before_it_waits_still()
    {
        var (first, second) = (Entry(), Entry());
        using (var journal = Open())
        {
            await journal.AcceptAsync(first);
        }

        var length = new FileInfo(Path).Length;
        using (var journal = Open())
        {
            await journal.AcceptAsync(second);
        }

        var whole = await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken);
        for (var cut = (int)length; cut < whole.Length; cut += 7)
        {
            await File.WriteAllBytesAsync(Path, whole[..cut], TestContext.Current.CancellationToken);
            using var journal = Open();

            Assert.Equal([first], journal.Pending.Select(one => one.Entry));
        }
    }

    [Fact]
    public async Task One_return_is_kept_once()
    {
        var entry = Entry();
        using var journal = Open();

        var accepted = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => journal.AcceptAsync(entry)));

        Assert.Single(accepted.Distinct());
        Assert.Equal(1, journal.Depth);
    }

    [Fact]
    public async Task More_than_it_may_hold_are_refused_until_some_are_done()
    {
        using var journal = Open(options => options.MaxEntries = 2);
        var first = await journal.AcceptAsync(Entry());
        await journal.AcceptAsync(Entry());

        Assert.Null(await journal.AcceptAsync(Entry()));
        Assert.False(journal.IsOn);
        Assert.NotNull(await journal.AcceptAsync(first!.Entry));

        await journal.DecideAsync(first, Applied(first.Entry));
        Assert.NotNull(await journal.AcceptAsync(Entry()));
    }

    [Fact]
    public async Task None_are_accepted_while_one_has_waited_too_long()
    {
        using var journal = Open();
        await journal.AcceptAsync(Entry());

        _clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));

        Assert.Null(await journal.AcceptAsync(Entry()));
        Assert.Equal(1, journal.Depth);
    }

    [Fact]
    public async Task A_full_disk_refuses_and_what_is_accepted_later_is_kept()
    {
        var (refused, accepted) = (Entry(), Entry());
        var disk = new FullDisk { IsFull = true };
        using (var journal = Open(disk: disk))
        {
            Assert.Null(await journal.AcceptAsync(refused));
            Assert.Null(journal.Find(refused.Operation));
            Assert.Equal((0, true), (journal.Depth, journal.IsOn));

            disk.IsFull = false;
            Assert.NotNull(await journal.AcceptAsync(accepted));
        }

        using var again = Open();
        Assert.Equal([accepted], again.Pending.Select(one => one.Entry));
    }

    [Fact]
    public async Task What_was_done_is_forgotten_after_a_day_and_the_file_with_it_and_the_name_stays()
    {
        var entry = Entry();
        using var journal = Open();
        var (name, empty) = (journal.Name, new FileInfo(Path).Length);
        await journal.DecideAsync((await journal.AcceptAsync(entry))!, Applied(entry));

        _clock.Advance(TimeSpan.FromHours(23));
        await journal.ForgetAsync();
        Assert.NotNull(journal.Find(entry.Operation));
        _clock.Advance(TimeSpan.FromHours(2));
        await journal.ForgetAsync();

        Assert.Null(journal.Find(entry.Operation));
        Assert.Equal((empty, name), (new FileInfo(Path).Length, journal.Name));
    }

    [Fact]
    public async Task What_waits_is_never_forgotten()
    {
        var entry = Entry();
        using (var journal = Open())
        {
            await journal.AcceptAsync(entry);
            _clock.Advance(TimeSpan.FromDays(40));
            await journal.ForgetAsync();
        }

        using var again = Open();
        Assert.Equal([entry], again.Pending.Select(one => one.Entry));
    }

    [Fact]
    public void A_folder_that_another_process_has_is_tried_again_and_complained_about_once()
    {
        using var waiting = New();
        using (Open())
        {
            Assert.False(waiting.TryOpen());
            Assert.False(waiting.TryOpen());
            Assert.False(waiting.IsOn);
            Assert.Single(_log.Errors);
        }

        Assert.True(waiting.TryOpen());
        Assert.True(waiting.IsOn);
    }

    [Fact]
    public async Task Without_a_folder_there_is_no_journal()
    {
        using var journal = New(options => options.Directory = null);

        Assert.True(journal.TryOpen());
        Assert.False(journal.IsOn);
        Assert.Null(await journal.AcceptAsync(Entry()));
    }

    [Fact]
    public async Task What_it_does_is_counted_from_zero()
    {
        var measured = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, itself) =>
        {
            if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
            {
                itself.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => measured[Name(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured[Name(instrument, tags)] = value);
        listener.Start();
        var metrics = new JournalMetrics(_services.GetRequiredService<IMeterFactory>());
        using var journal = new ReturnJournal(
            Options.Create(new JournalOptions { Directory = _directory.FullName, MaxEntries = 2 }),
            new(),
            metrics,
            _clock,
            new Logger<ReturnJournal>(LoggerFactory.Create(_ => { })));
        metrics.Watch(journal, _clock);
        journal.TryOpen();
        Assert.Equal(5, measured.Count);
        Assert.All(measured.Values, value => Assert.Equal(0, value));

        var first = await journal.AcceptAsync(Entry());
        await journal.AcceptAsync(Entry());
        await journal.AcceptAsync(Entry());
        await journal.DecideAsync(first!, Applied(first!.Entry));
        _clock.Advance(TimeSpan.FromSeconds(30));
        listener.RecordObservableInstruments();

        Assert.Equal(
            (2, 1, 1, 0, 0, 1, 30),
            (measured["lms.journal.accepted"], measured["lms.journal.refused"], measured["lms.journal.decided applied"],
                measured["lms.journal.decided already-returned"], measured["lms.journal.decided review"],
                measured["lms.journal.depth"], measured["lms.journal.oldest.age"]));

        void Note(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured[Name(instrument, tags)] = measured.GetValueOrDefault(Name(instrument, tags)) + value;

        static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
    }

    private static JournalOutcome Applied(JournalEntry entry) => new()
    {
        Operation = entry.Operation,
        State = DeferredState.Applied,
        At = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero),
        Lending = new LendingNumber(2026, 1),
    };

    private JournalEntry Entry() => new()
    {
        Operation = Guid.NewGuid(),
        By = new UserId(7),
        At = _clock.GetUtcNow(),
        Key = "k",
        Fingerprint = "f",
        Barcode = Barcode.Of("C-1"),
        LastLending = new LendingNumber(2026, 3),
        Commentary = "Gostei muito.",
        Grade = 0,
    };

    private ReturnJournal Open(Action<JournalOptions>? configure = null, JournalDisk? disk = null)
    {
        var journal = New(configure, disk);
        Assert.True(journal.TryOpen());
        return journal;
    }

    private ReturnJournal New(Action<JournalOptions>? configure = null, JournalDisk? disk = null)
    {
        var options = new JournalOptions { Directory = _directory.FullName };
        configure?.Invoke(options);
        return new(
            Options.Create(options),
            disk ?? new(),
            _metrics,
            _clock,
            new Logger<ReturnJournal>(LoggerFactory.Create(logging => logging.AddProvider(_log))));
    }
}
