using System.Globalization;
using Lms.Grains.Abstractions.Sequences;

namespace Lms.Grains.Verification;

/// <summary>Sequences against the numbers that are in use: what is reserved is never lower than what was given out. Pure.</summary>
/// <remarks>
/// Local numbers of books have no such rule: those that came with books of another library are above their sequence, which
/// passes over them when it gets there.
/// </remarks>
internal static class SequenceComparison
{
    public static IEnumerable<Finding> Compare(Facts facts)
    {
        var sequences = facts.Sequences.ToDictionary(sequence => sequence.Key, StringComparer.Ordinal);
        foreach (var (key, highest) in Highest(facts).OrderBy(given => given.Key, StringComparer.Ordinal))
        {
            var sequence = sequences.GetValueOrDefault(key);
            if (highest.Number > (sequence?.Reserved ?? 0))
            {
                yield return new(
                    key,
                    string.Create(CultureInfo.InvariantCulture, $"is at {sequence?.Reserved ?? 0}, and {highest.Number} is given"),
                    sequence?.WrittenAt > highest.WrittenAt ? sequence.WrittenAt : highest.WrittenAt,
                    highest.Number <= int.MaxValue ? new Mend.Advance(key, (int)highest.Number) : null);
            }
        }
    }

    private static Dictionary<string, GivenNumber> Highest(Facts facts)
    {
        var highest = new Dictionary<string, GivenNumber>(StringComparer.Ordinal);
        foreach (var lending in facts.Lendings)
        {
            Give(SequenceGrains.LendingKey(lending.Number.Year), lending.Number.Sequence, lending.WrittenAt);
        }

        foreach (var account in facts.Accounts)
        {
            foreach (var entry in account.Entries)
            {
                Give(SequenceGrains.LendingKey(entry.Number.Year), entry.Number.Sequence, account.WrittenAt);
            }
        }

        foreach (var copy in facts.Copies)
        {
            foreach (var number in copy.Lending is { } lending ? [.. copy.Released, lending] : copy.Released)
            {
                Give(SequenceGrains.LendingKey(number.Year), number.Sequence, copy.WrittenAt);
            }
        }

        foreach (var reader in facts.Readers)
        {
            Give(SequenceGrains.ReaderKey(reader.Number.Year), reader.Number.Sequence, reader.WrittenAt);
        }

        foreach (var user in facts.Users)
        {
            Give(SequenceGrains.UserKey, user.Id.Value, user.WrittenAt);
        }

        foreach (var login in facts.Logins)
        {
            if (login.User is { } user)
            {
                Give(SequenceGrains.UserKey, user.Value, login.WrittenAt);
            }

            if (login.Reader is { } reader)
            {
                Give(SequenceGrains.ReaderKey(reader.Year), reader.Sequence, login.WrittenAt);
            }
        }

        foreach (var author in facts.Authors)
        {
            Give(SequenceGrains.AuthorKey, author.Number, author.WrittenAt);
        }

        return highest;

        void Give(string sequence, long number, DateTimeOffset writtenAt)
        {
            if (!highest.TryGetValue(sequence, out var known) || number > known.Number)
            {
                highest[sequence] = new(number, writtenAt);
            }
        }
    }
}
