using System.Globalization;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Verification;

/// <summary>Looks at a whole library, whether or not silos run, and tells what contradicts what.</summary>
internal sealed class Verifier(FactReader facts, ReadModelComparison readModel, TimeProvider clock)
{
    /// <summary>
    /// What was written since may be in the middle of something; by then the sweeper has come by and finished it.
    /// </summary>
    public static readonly TimeSpan Patience = Sweeper.Grace + SweeperGrain.Interval;

    /// <summary>What looks wrong is looked at again after so long: clocks differ.</summary>
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(2);

    /// <param name="isAtRest">No silo runs, so that nothing is going on.</param>
    public async Task<VerifiedLibrary> VerifyAsync(bool isAtRest, CancellationToken cancellationToken)
    {
        var first = await LookAsync(isAtRest, cancellationToken);
        if (first.IsRight || isAtRest)
        {
            return first;
        }

        await Task.Delay(s_again, clock, cancellationToken);
        var second = await LookAsync(isAtRest, cancellationToken);
        return new([.. first.Kinds.Zip(second.Kinds, Both)]);
    }

    /// <summary>What one look found and the next one did not was going on.</summary>
    internal static VerifiedKind Both(VerifiedKind first, VerifiedKind second)
    {
        var before = first.Findings.Select(Identity).ToHashSet();
        Finding[] stayed = [.. second.Findings.Where(finding => before.Contains(Identity(finding)))];
        return second with { Findings = stayed, Underway = second.Underway + second.Findings.Count - stayed.Length };

        static (string, string) Identity(Finding finding) => (finding.Subject, finding.Problem);
    }

    /// <summary>Tells what is wrong from what may be going on.</summary>
    internal static VerifiedKind Judge(string kind, string counted, IEnumerable<Finding> all, DateTimeOffset old)
    {
        var byAge = all.ToLookup(finding => finding.Since <= old);
        return new(kind, counted, [.. byAge[true]], byAge[false].Count());
    }

    private async Task<VerifiedLibrary> LookAsync(bool isAtRest, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var read = await facts.ReadAsync(cancellationToken);
        var (rows, shown) = await readModel.CompareAsync(cancellationToken);

        // At rest even what the future wrote is old: nobody who could change it is there.
        var old = isAtRest ? DateTimeOffset.MaxValue : now - Patience;
        return new(
        [
            Judge(VerifiedLibrary.States, Text($"{read.Count} read"), read.Unreadable, old),
            Judge(
                "accounts",
                Text($"{read.Accounts.Sum(account => account.Entries.Length)} entries of {read.Accounts.Count} accounts, {read.Lendings.Count(lending => lending.IsActive)} of {read.Lendings.Count} lendings active"),
                LendingComparison.Accounts(read, now),
                old),
            Judge(
                "copies",
                Text($"{read.Copies.Count} copies, {read.Copies.Count(copy => copy.Lending is not null)} of them lent"),
                LendingComparison.Copies(read),
                old),
            Judge(
                "holdings",
                Text($"{read.Holdings.Sum(book => book.Barcodes.Length)} copies of {read.Holdings.Count} books"),
                LendingComparison.Holdings(read),
                old),
            Judge("sequences", Text($"{read.Sequences.Count} sequences"), SequenceComparison.Compare(read), old),
            Judge(
                "users",
                Text($"{read.Logins.Count(login => login.User is not null)} logins, {read.Users.Count} users, {read.Readers.Count(reader => reader.User is not null)} readers"),
                PeopleComparison.Compare(read),
                old),
            Judge("read model", Text($"{rows} rows"), shown, old),
        ]);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
