using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Books;

/// <summary>One book: the only authority for its bibliographic record.</summary>
[Alias("lms.book-grain")]
public interface IBookGrain : IGrainWithStringKey, IResumable
{
    [Alias("create")]
    Task<Result<Book>> CreateAsync(CreateBook command, CancellationToken cancellationToken = default);

    /// <summary>Drives the creation of the book, its genre and its authors to the end, through crashes.</summary>
    [Alias("complete")]
    Task<Result<Book>> CompleteAsync(CompleteBook command, CancellationToken cancellationToken = default);

    [Alias("change")]
    Task<Result<Book>> ChangeAsync(ChangeBook command, CancellationToken cancellationToken = default);

    [Alias("remove-photo")]
    Task<Result<Book>> RemovePhotoAsync(Operation operation, CancellationToken cancellationToken = default);

    /// <summary>Where a record belongs that has this ISBN, and what became of it if it has been imported.</summary>
    [Alias("find-record"), ReadOnly]
    Task<FoundRecord> FindRecordAsync(
        Operation operation, RecordOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Makes the book, or brings it to what the record says. A record that it has seen changes nothing.</summary>
    [Alias("import")]
    Task<ImportedBook> ImportAsync(ImportBook command, CancellationToken cancellationToken = default);

    /// <summary>From now on this ISBN finds the other book. False when it has a book of its own, or finds another.</summary>
    [Alias("become-alias")]
    Task<bool> BecomeAliasAsync(Operation operation, Isbn book, CancellationToken cancellationToken = default);

    /// <summary>Gives this local number to a record without ISBN. False when another has it.</summary>
    /// <param name="record">The record, as <see cref="BookGrains"/> addresses it.</param>
    /// <param name="title">A book of this title is the record's own, come back from an export; null when it cannot be.</param>
    /// <param name="cancellationToken">Honoured before the write.</param>
    [Alias("claim-local")]
    Task<bool> ClaimLocalAsync(string record, string? title, CancellationToken cancellationToken = default);

    [Alias("get"), ReadOnly]
    Task<Result<Book>> GetAsync(CancellationToken cancellationToken = default);
}
