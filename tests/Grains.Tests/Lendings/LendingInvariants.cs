using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Lendings;

namespace Lms.Grains.Tests.Lendings;

/// <summary>
/// What must hold of lendings in storage once nothing is under way: account entries = active lendings = copies taken.
/// </summary>
internal static class LendingInvariants
{
    private const int Limit = 3;

    /// <summary>Every way in which storage contradicts itself about these readers and copies; empty when all is well.</summary>
    public static IReadOnlyList<string> Violations(
        TestStorage storage, IReadOnlyCollection<ReaderNumber> readers, IReadOnlyCollection<Barcode> copies)
    {
        var lendings = storage.All<LendingState>(LendingState.Name)
            .Select(row => (row.Key, row.State))
            .Where(row => row.State.Lending is { } lending && readers.Contains(lending.Reader))
            .ToArray();
        var active = lendings.Select(row => row.State.Lending!).Where(lending => lending.ReturnedOn is null).ToArray();
        var entries = readers.ToDictionary(
            reader => reader,
            reader => storage.Find<AccountState>(AccountState.Name, $"{LendingGrains.AccountPrefix}{reader}")?.Entries ?? []);
        var taken = copies
            .Select(copy => storage.Find<CopyState>(CopyState.Name, $"{LendingGrains.CopyPrefix}{copy}")?.Copy)
            .OfType<Copy>()
            .ToArray();
        return
        [
            .. lendings.Where(row => row.Key != $"{LendingGrains.LendingPrefix}{row.State.Lending!.Number}")
                .Select(row => $"{row.Key} holds another number"),
            .. lendings.GroupBy(row => row.State.LentBy).Where(same => same.Count() > 1)
                .Select(same => $"one operation made {same.Count()} lendings"),
            .. entries.Where(account => account.Value.Length > Limit)
                .Select(account => $"{account.Key} has {account.Value.Length} open lendings"),
            .. entries.Values.SelectMany(all => all).GroupBy(entry => entry.Number).Where(same => same.Count() > 1)
                .Select(same => $"{same.Key} stands in accounts {same.Count()} times"),
            .. entries.SelectMany(account => account.Value
                .Where(entry => !active.Any(lending => lending.Number == entry.Number && lending.Reader == account.Key))
                .Select(entry => $"{account.Key} counts {entry.Number}, which is not active")),
            .. active.Where(lending => entries[lending.Reader].All(entry => entry.Number != lending.Number))
                .Select(lending => $"{lending.Number} is active and {lending.Reader} does not count it"),
            .. taken.Where(copy => copy.Lending is { } number
                    && !active.Any(lending => lending.Number == number && lending.Barcode == copy.Barcode))
                .Select(copy => $"{copy.Barcode} is with {copy.Lending}, which does not have it"),
            .. active.Where(lending => lending.Barcode is { } barcode && copies.Contains(barcode)
                    && taken.All(copy => copy.Barcode != barcode || copy.Lending != lending.Number))
                .Select(lending => $"{lending.Number} has {lending.Barcode}, which is not with it"),
            .. active.Where(lending => lending.Barcode is not null).GroupBy(lending => lending.Barcode)
                .Where(same => same.Count() > 1)
                .Select(same => $"{same.Key} is lent {same.Count()} times"),
        ];
    }
}
