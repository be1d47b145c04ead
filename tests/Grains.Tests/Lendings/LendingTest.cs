using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Lendings;

namespace Lms.Grains.Tests.Lendings;

/// <summary>A test about one reader, one book and the copies of it.</summary>
public abstract class LendingTest(ClusterFixture fixture) : GrainTest(fixture)
{
    private readonly List<ReaderNumber> _readers = [];
    private readonly List<Barcode> _copies = [];

    /// <summary>Long enough for a lending that was begun to be undone.</summary>
    protected static TimeSpan PastDeadline { get; } = new LendingOptions().PendingFor + TimeSpan.FromSeconds(1);

    private protected ReaderNumber NewReader()
    {
        var reader = Any.ReaderNumber;
        _readers.Add(reader);
        return reader;
    }

    private protected async Task<Barcode> AddCopyAsync(Isbn isbn)
    {
        var barcode = Any.Barcode;
        _copies.Add(barcode);
        var added = await Grains.Holdings(isbn).AddAsync(new(Any.Operation, barcode, null, null), Token);
        Assert.True(added.IsAccepted);
        return barcode;
    }

    private protected async Task<Lending> LendAsync(ReaderNumber reader, LendBook command)
    {
        var lent = await Grains.Account(reader).LendAsync(command, Token);
        Assert.Null(lent.Rejection);
        return lent.Value!;
    }

    private protected async Task<Lending> ReturnAsync(ReaderNumber reader, LendingNumber number)
    {
        var returned = await Grains.Account(reader).ReturnAsync(Any.Return(number), Token);
        Assert.Null(returned.Rejection);
        return returned.Value!;
    }

    private protected static string KeyOf(ReaderNumber reader) => $"{LendingGrains.AccountPrefix}{reader}";

    private protected static string KeyOf(Barcode copy) => $"{LendingGrains.CopyPrefix}{copy}";

    private protected static string KeyOf(LendingNumber number) => $"{LendingGrains.LendingPrefix}{number}";

    private protected Lending[] ActiveLendings(ReaderNumber reader) =>
    [
        .. Storage.All<LendingState>(LendingState.Name).Select(row => row.State.Lending).OfType<Lending>()
            .Where(lending => lending.Reader == reader && lending.ReturnedOn is null),
    ];

    private protected AccountEntry[] Entries(ReaderNumber reader) =>
        Storage.Find<AccountState>(AccountState.Name, KeyOf(reader))?.Entries ?? [];

    private protected LendingNumber? HolderOf(Barcode copy) =>
        Storage.Find<CopyState>(CopyState.Name, KeyOf(copy))!.Copy!.Lending;

    /// <summary>All that a silo had in memory about the reader is gone.</summary>
    private protected Task CrashAsync(ReaderNumber reader) => Cluster.ForgetAsync(Grains.Account(reader));

    /// <summary>Fails when storage contradicts itself about anything this test has made.</summary>
    private protected void AssertConsistent() =>
        Assert.Empty(LendingInvariants.Violations(Storage, _readers, _copies));
}
