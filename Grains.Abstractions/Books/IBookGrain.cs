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

    [Alias("get"), ReadOnly]
    Task<Result<Book>> GetAsync(CancellationToken cancellationToken = default);
}
