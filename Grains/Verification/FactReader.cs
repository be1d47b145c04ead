using System.Text.Json;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Authors;
using Lms.Grains.Infrastructure;
using Lms.Grains.Lendings;
using Lms.Grains.Readers;
using Lms.Grains.Sequences;
using Lms.Grains.Users;
using Orleans.Storage;

namespace Lms.Grains.Verification;

/// <summary>Takes from the raw states what is to be compared.</summary>
internal sealed class FactReader(IStoredStates stored, IGrainStorageSerializer serializer)
{
    private static readonly string[] s_states =
    [
        AccountState.Name, LendingState.Name, CopyState.Name, HoldingsState.Name,
        SequenceState.Name, LoginState.Name, UserState.Name, ReaderState.Name,
    ];

    public async Task<Facts> ReadAsync(CancellationToken cancellationToken)
    {
        // Before the sequences: a number that is given meanwhile is not compared with what they were before.
        var authors = await stored.GetVersionsAsync(AuthorState.Name, cancellationToken);
        var (accounts, lendings, copies) = (new List<AccountFact>(), new List<LendingFact>(), new List<CopyFact>());
        var (holdings, sequences) = (new List<HoldingsFact>(), new List<SequenceFact>());
        var (logins, users, readers) = (new List<LoginFact>(), new List<UserFact>(), new List<ReaderFact>());
        var unreadable = new List<Finding>();
        await foreach (var row in stored.ReadAsync(s_states, cancellationToken))
        {
            if (row is not { Key: { } key, Payload: { } payload })
            {
                continue;
            }

            try
            {
                Add(row.StateName, key, payload, row.ModifiedOn);
            }
            catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException)
            {
                unreadable.Add(new(key, $"cannot be read: {exception.Message}", row.ModifiedOn));
            }
        }

        return new()
        {
            Accounts = accounts,
            Lendings = lendings,
            Copies = copies,
            Holdings = holdings,
            Sequences = sequences,
            Authors = [.. authors.Select(author => new GivenNumber(AuthorNumber.Of(author.Key[AuthorGrains.Prefix.Length..]).Value, author.WrittenAt))],
            Logins = logins,
            Users = users,
            Readers = readers,
            Unreadable = unreadable,
        };

        void Add(string stateName, string key, BinaryData payload, DateTimeOffset writtenAt)
        {
            switch (stateName)
            {
                case AccountState.Name:
                    accounts.Add(OfAccount(ReaderNumber.Of(key[LendingGrains.AccountPrefix.Length..]), Of<AccountState>(payload), writtenAt));
                    break;
                case LendingState.Name:
                    lendings.Add(OfLending(LendingNumber.Of(key[LendingGrains.LendingPrefix.Length..]), Of<LendingState>(payload), writtenAt));
                    break;
                case CopyState.Name when Of<CopyState>(payload) is { Copy: { } copy } state:
                    copies.Add(new(
                        Barcode.Of(key[LendingGrains.CopyPrefix.Length..]),
                        copy.Isbn,
                        copy.Lending,
                        copy.Reader,
                        copy.IsWithdrawn,
                        [.. state.Released.Select(released => released.Number)],
                        writtenAt));
                    break;
                case HoldingsState.Name:
                    holdings.Add(OfHoldings(Isbn.Of(key[LendingGrains.HoldingsPrefix.Length..]), Of<HoldingsState>(payload), writtenAt));
                    break;
                case SequenceState.Name:
                    sequences.Add(new(key, Of<SequenceState>(payload).Reserved, writtenAt));
                    break;
                case LoginState.Name:
                    logins.Add(OfLogin(key[UserGrains.LoginPrefix.Length..], Of<LoginState>(payload), writtenAt));
                    break;
                case UserState.Name when Of<UserState>(payload) is { User: { } user } state:
                    users.Add(new(
                        UserId.Of(key[UserGrains.UserPrefix.Length..]),
                        user.Username,
                        user.Reader,
                        state.Renaming is { } renaming ? [renaming.OldUsername?.Email, renaming.Change.Changes.Username?.Email] : null,
                        writtenAt));
                    break;
                case ReaderState.Name:
                    readers.Add(OfReader(ReaderNumber.Of(key[ReaderGrains.Prefix.Length..]), Of<ReaderState>(payload), writtenAt));
                    break;
            }
        }
    }

    private static AccountFact OfAccount(ReaderNumber reader, AccountState state, DateTimeOffset writtenAt) => new(
        reader,
        [
            .. state.Entries.Select(entry => new EntryFact(
                entry.Number, entry.Isbn, entry.StartedOn, entry.IsOpen, entry.Barcode, entry.Deadline)),
        ],
        writtenAt);

    private static LendingFact OfLending(LendingNumber number, LendingState state, DateTimeOffset writtenAt) => new(
        number,
        state.Lending is { } lending
            ? new(lending.Reader, lending.Isbn, lending.StartedOn, lending.Barcode, lending.ReturnedOn is not null)
            : null,
        writtenAt);

    private static HoldingsFact OfHoldings(Isbn isbn, HoldingsState state, DateTimeOffset writtenAt) =>
        new(isbn, state.Barcodes, state.Adding?.Barcode, state.Removing?.Barcode, writtenAt);

    private static LoginFact OfLogin(string username, LoginState state, DateTimeOffset writtenAt) =>
        new(username, state.User, state.Reader, state.Registration is not null, writtenAt);

    private static ReaderFact OfReader(ReaderNumber number, ReaderState state, DateTimeOffset writtenAt) =>
        new(number, state.Reader?.User, state is not { Registration: null, Change: null }, writtenAt);

    private TState Of<TState>(BinaryData payload) => serializer.Deserialize<TState>(payload)!;
}
