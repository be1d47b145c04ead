using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Books;

/// <summary>What a record does to its book. Pure: the same state, command and instant give the same decision.</summary>
internal static class BookImportRules
{
    private const string Created = "created";
    private const string Updated = "updated";

    /// <summary>What the record did to the book when it was imported, under this operation or an earlier one.</summary>
    /// <returns>Null when the record, as it is now, was never imported.</returns>
    public static ImportOutcome? Find(BookState state, Operation operation, RecordOrigin origin) =>
        state.Remembered(operation)?.Outcome switch
        {
            Created => ImportOutcome.Created,
            Updated => ImportOutcome.Updated,
            _ => state.Records.Any(record => record.Id == origin.RecordId && record.Hashes.Contains(origin.Hash))
                ? ImportOutcome.Unchanged
                : null,
        };

    public static BookState Import(BookState state, Isbn isbn, ImportBook command, DateTimeOffset now)
    {
        if (Find(state, command.Operation, command.Origin) is not null)
        {
            return state;
        }

        var description = string.IsNullOrWhiteSpace(command.Description) ? null : Html.Sanitise(command.Description);
        var next = state.Book is { } book
            ? Changed(book, command, description)
            : new()
            {
                Isbn = isbn,
                IsbnAsGiven = command.IsbnAsGiven,
                Title = command.Title,
                Genre = command.Genre,
                Authors = command.Authors,
                Description = description,
                Details = command.Details,
            };
        return (state with
        {
            Book = next,
            Source = command.Source,
            Records = [.. state.Records.Where(record => record.Id != command.Origin.RecordId), Record(state, command.Origin)],
        }).Stamped(command.Operation, now, state.Book is null ? Created : Updated);
    }

    public static BookState BecomeAlias(BookState state, Operation operation, Isbn book, DateTimeOffset now) =>
        state is { Book: null, Creation: null, AliasOf: null, LocalRecord: null }
            ? (state with { AliasOf = book }).Stamped(operation, now)
            : state;

    public static BookState ClaimLocal(BookState state, string record, DateTimeOffset now) =>
        state is { Book: null, Creation: null, AliasOf: null, LocalRecord: null }
            ? (state with { LocalRecord = record }).Stamped(Operation.New(), now)
            : state;

    public static bool IsLocalOf(BookState state, string record, string? title) =>
        state.LocalRecord == record
        || (title is not null && state.Book is { } book && Folding.Fold(book.Title) == Folding.Fold(title));

    // The version is what clients see: it moves when what they see does.
    private static Book Changed(Book book, ImportBook command, string? description)
    {
        var next = book with
        {
            Title = command.Title,
            Genre = command.IsGenreGuessed ? book.Genre : command.Genre,
            Authors = command.AreAuthorsGuessed || command.Authors.SequenceEqual(book.Authors) ? book.Authors : command.Authors,
            Description = description ?? book.Description,
            Details = command.Details with
            {
                Aliases = [.. (book.Details?.Aliases ?? []).Union(command.Details.Aliases).Where(alias => alias != book.Isbn)],
            },
        };
        return next with { Version = next with { Details = book.Details } == book ? book.Version : book.Version + 1 };
    }

    // What one import brings under one number belongs together; what a later one brings replaces it.
    private static ImportedRecord Record(BookState state, RecordOrigin origin)
    {
        var known = Array.Find(state.Records, record => record.Id == origin.RecordId);
        return known?.Import == origin.Import
            ? known with { Hashes = [.. known.Hashes, origin.Hash] }
            : new(origin.RecordId, origin.Import, [origin.Hash]);
    }
}
