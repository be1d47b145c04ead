using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Lendings;

namespace Lms.Grains.Verification;

/// <summary>Accounts, lendings, copies and holdings against each other. Pure.</summary>
/// <remarks>
/// What must hold follows from the order of writes. Lend: entry, copy, lending. Return: lending, copy, entry. So an active
/// lending always has its entry and its copy; an entry or a copy may be without an active lending as long as the process that
/// will end that is young, or has time until its deadline.
/// </remarks>
internal static class LendingComparison
{
    public static IEnumerable<Finding> Accounts(Facts facts, DateTimeOffset now)
    {
        var lendings = facts.Lendings.ToDictionary(lending => lending.Number);
        foreach (var account in facts.Accounts)
        {
            var counted = new HashSet<LendingNumber>();
            foreach (var entry in account.Entries)
            {
                if (!counted.Add(entry.Number))
                {
                    yield return new(KeyOf(account.Reader), $"counts lending {entry.Number} twice", account.WrittenAt);
                }
                else if (Judge(account, entry, lendings.GetValueOrDefault(entry.Number), now) is { } finding)
                {
                    yield return finding;
                }
            }
        }

        var entries = facts.Accounts.SelectMany(account => account.Entries.Select(entry => (account.Reader, entry.Number))).ToHashSet();
        var accounts = facts.Accounts.ToDictionary(account => account.Reader, account => account.WrittenAt);
        foreach (var lending in facts.Lendings)
        {
            if (lending is { IsActive: true, Terms.Reader: var reader } && !entries.Contains((reader, lending.Number)))
            {
                yield return new(
                    KeyOf(lending.Number),
                    $"is lent to reader {reader}, whose account does not count it",
                    Latest(lending.WrittenAt, accounts.GetValueOrDefault(reader)));
            }
        }
    }

    public static IEnumerable<Finding> Copies(Facts facts)
    {
        var lendings = facts.Lendings.ToDictionary(lending => lending.Number);
        var copies = facts.Copies.ToDictionary(copy => copy.Barcode);
        var entries = facts.Accounts.SelectMany(account => account.Entries.Select(entry => (account.Reader, entry.Number))).ToHashSet();
        foreach (var copy in facts.Copies)
        {
            if (copy.Lending is { } number
                && Judge(copy, number, lendings.GetValueOrDefault(number), entries) is { } finding)
            {
                yield return finding;
            }
        }

        foreach (var lending in facts.Lendings)
        {
            if (lending is not { IsActive: true, Terms.Barcode: { } barcode })
            {
                continue;
            }

            var copy = copies.GetValueOrDefault(barcode);
            if (copy?.Lending != lending.Number)
            {
                yield return new(
                    KeyOf(lending.Number),
                    copy switch
                    {
                        null => $"has copy {barcode}, which does not exist",
                        { Lending: { } other } => $"has copy {barcode}, which is with lending {other}",
                        _ => $"has copy {barcode}, which is with nobody",
                    },
                    Latest(lending.WrittenAt, copy?.WrittenAt ?? default));
            }
            else if (copy.Isbn != lending.Terms.Isbn)
            {
                yield return new(
                    KeyOf(lending.Number), $"lends book {lending.Terms.Isbn} and has copy {barcode} of book {copy.Isbn}", lending.WrittenAt);
            }
        }
    }

    public static IEnumerable<Finding> Holdings(Facts facts)
    {
        var copies = facts.Copies.ToDictionary(copy => copy.Barcode);
        var holdings = facts.Holdings.ToDictionary(holdings => holdings.Isbn);
        foreach (var book in facts.Holdings)
        {
            var key = $"{LendingGrains.HoldingsPrefix}{book.Isbn}";
            if (book is not { Adding: null, Removing: null })
            {
                yield return new(
                    key,
                    book.Adding is { } adding ? $"has not finished adding copy {adding}" : $"has not finished removing copy {book.Removing}",
                    book.WrittenAt,
                    new Mend.Resume(HoldingsState.Name, key));
            }

            foreach (var barcode in book.Barcodes.Where(barcode => barcode != book.Removing))
            {
                var copy = copies.GetValueOrDefault(barcode);
                if (copy is not { IsWithdrawn: false } || copy.Isbn != book.Isbn)
                {
                    yield return new(
                        key,
                        copy switch
                        {
                            null => $"lists copy {barcode}, which does not exist",
                            { IsWithdrawn: true } => $"lists copy {barcode}, which is withdrawn",
                            _ => $"lists copy {barcode} of book {copy.Isbn}",
                        },
                        Latest(book.WrittenAt, copy?.WrittenAt ?? default));
                }
            }
        }

        foreach (var copy in facts.Copies.Where(copy => !copy.IsWithdrawn))
        {
            var book = holdings.GetValueOrDefault(copy.Isbn);
            if (book?.Barcodes.Contains(copy.Barcode) != true && book?.Adding != copy.Barcode)
            {
                yield return new(
                    KeyOf(copy.Barcode),
                    $"is a copy of book {copy.Isbn}, whose holdings do not list it",
                    Latest(copy.WrittenAt, book?.WrittenAt ?? default));
            }
        }
    }

    private static Finding? Judge(AccountFact account, EntryFact entry, LendingFact? lending, DateTimeOffset now)
    {
        var resume = new Mend.Resume(AccountState.Name, KeyOf(account.Reader));
        var writtenAt = Latest(account.WrittenAt, lending?.WrittenAt ?? default);
        return lending switch
        {
            // Until the deadline the one who asked may come again and have it; afterwards it is undone.
            null when !entry.IsOpen && entry.Deadline >= now => null,
            null when !entry.IsOpen => Found("was begun and neither made nor undone", Latest(writtenAt, entry.Deadline), resume),
            null => Found("is open and does not exist", writtenAt),
            { Terms: null } => Found("is void", writtenAt, resume),
            { Terms: var terms } when (terms.Reader, terms.Isbn, terms.StartedOn) != (account.Reader, entry.Isbn, entry.StartedOn) =>
                Found($"is another one, of reader {terms.Reader}", writtenAt, entry.IsOpen ? null : resume),
            { IsActive: false } => Found("is returned", writtenAt, resume),
            { Terms: var terms } when entry.IsOpen && terms.Barcode != entry.Barcode =>
                Found($"has copy {terms.Barcode?.ToString() ?? "none"}, and not {entry.Barcode?.ToString() ?? "none"}", writtenAt),
            _ => null,
        };

        Finding Found(string problem, DateTimeOffset since, Mend? mend = null) =>
            new(KeyOf(account.Reader), $"counts lending {entry.Number}, which {problem}", since, mend);
    }

    private static Finding? Judge(
        CopyFact copy, LendingNumber number, LendingFact? lending, HashSet<(ReaderNumber Reader, LendingNumber Number)> entries)
    {
        var writtenAt = Latest(copy.WrittenAt, lending?.WrittenAt ?? default);

        // A copy that remembers having been released by the lending takes no second release for it.
        var release = copy.Released.Contains(number) ? null : new Mend.Release(KeyOf(copy.Barcode), number.ToString());
        return lending switch
        {
            _ when copy.IsWithdrawn => Found("although it is withdrawn"),
            null when copy.Reader is { } reader && entries.Contains((reader, number)) => null, // judged with the entry
            null => Found("which does not exist"),
            { Terms: null } => Found("which is void", release),
            { IsActive: false } => Found("which is returned", release),
            { Terms: var terms } when terms.Barcode != copy.Barcode => Found(
                terms.Barcode is { } other ? $"which has copy {other}" : "which has no copy", release),
            { Terms: var terms } when terms.Reader != copy.Reader => Found($"and with reader {copy.Reader}, whose lending that is not"),
            _ => null,
        };

        Finding Found(string problem, Mend? mend = null) =>
            new(KeyOf(copy.Barcode), $"is with lending {number}, {problem}", writtenAt, mend);
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static string KeyOf(LendingNumber number) => $"{LendingGrains.LendingPrefix}{number}";

    private static string KeyOf(ReaderNumber reader) => $"{LendingGrains.AccountPrefix}{reader}";

    private static string KeyOf(Barcode barcode) => $"{LendingGrains.CopyPrefix}{barcode}";
}
