using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Lendings;

namespace Lms.ApiFrontend.Tests.Lendings;

/// <summary>What must hold of lendings once nothing is under way, seen from the API and from raw storage.</summary>
internal static class LendingChecks
{
    private const int Limit = 3;

    /// <summary>Every way in which the library breaks its promises to a reader; empty when all is well.</summary>
    /// <param name="library">The library.</param>
    /// <param name="reader">The reader's number.</param>
    /// <param name="lent">What the library said it lent to the reader and has not got back.</param>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(
        TestLibrary library, string reader, IReadOnlyCollection<string> lent)
    {
        await library.CatchUpAsync();
        var listed = await ListOpenAsync(library, reader);
        var stored = library.Stored.All<LendingState>(LendingState.Name)
            .Select(row => row.State.Lending)
            .OfType<Lending>()
            .Where(lending => lending.Reader.ToString() == reader && lending.ReturnedOn is null)
            .Select(lending => lending.Number.ToString())
            .ToList();
        var counted = library.Stored.Find<AccountState>(AccountState.Name, $"{LendingGrains.AccountPrefix}{reader}")?.Entries
            .Select(entry => entry.Number.ToString())
            .ToList() ?? [];
        return
        [
            .. OverLimit("the API", listed), .. Different("the API", listed, lent),
            .. OverLimit("storage", stored), .. Different("storage", stored, lent),
            .. OverLimit("the account", counted), .. Different("the account", counted, lent),
        ];
    }

    /// <summary>Every way in which a copy is not in one pair of hands; empty when all is well.</summary>
    public static IEnumerable<string> Violations(TestLibrary library, string barcode, string? lending)
    {
        var copy = library.Stored.Find<CopyState>(CopyState.Name, $"{LendingGrains.CopyPrefix}{barcode}")?.Copy;
        var holder = copy?.Lending?.ToString();
        if (holder != lending)
        {
            yield return $"Copy {barcode} is held by {holder ?? "nobody"}, not by {lending ?? "nobody"}.";
        }

        var holders = library.Stored.All<LendingState>(LendingState.Name)
            .Count(row => row.State.Lending is { ReturnedOn: null } active && active.Barcode?.ToString() == barcode);
        if (holders != (lending is null ? 0 : 1))
        {
            yield return $"Copy {barcode} is lent {holders} times.";
        }
    }

    private static async Task<List<string>> ListOpenAsync(TestLibrary library, string reader)
    {
        var query = new { page = new { number = 1, limit = 100 }, query = new { readerNumber = reader, returned = false } };
        var answer = Expect.Status(200, await library.Librarian.PostAsync("/api/lendings/search", query));
        return [.. answer.Items.Select(item => item.Text("lendingNumber")!)];
    }

    private static IEnumerable<string> OverLimit(string where, List<string> lendings)
    {
        if (lendings.Count > Limit)
        {
            yield return $"{lendings.Count} open lendings in {where}, not {Limit} at most.";
        }
    }

    private static IEnumerable<string> Different(string where, List<string> lendings, IReadOnlyCollection<string> lent)
    {
        if (!lendings.ToHashSet(StringComparer.Ordinal).SetEquals(lent))
        {
            yield return $"Open in {where}: {string.Join(' ', lendings)}. Lent: {string.Join(' ', lent)}.";
        }
    }
}
