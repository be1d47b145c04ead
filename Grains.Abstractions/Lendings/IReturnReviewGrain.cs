using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Lendings;

/// <summary>
/// Returns that a gateway had accepted for later and that the library then refused: a person must look at them. One list for
/// all gateways.
/// </summary>
[Alias("lms.return-review-grain")]
public interface IReturnReviewGrain : IGrainWithStringKey
{
    /// <summary>Puts a return on the list; repeating it changes nothing more. Refused while too many wait for a decision.</summary>
    [Alias("add")]
    Task<Result<ReturnReview>> AddAsync(ReturnReview review, CancellationToken cancellationToken = default);

    /// <summary>Notes what a librarian decided. Refused when another decision was noted before.</summary>
    [Alias("decide")]
    Task<Result<ReturnReview>> DecideAsync(DecideReview command, CancellationToken cancellationToken = default);

    /// <summary>One of the list, decided or not.</summary>
    [Alias("get"), ReadOnly]
    Task<Result<ReturnReview>> GetAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>All that wait for a decision, oldest first, and what was decided lately.</summary>
    [Alias("list"), ReadOnly]
    Task<ReturnReviews> ListAsync(CancellationToken cancellationToken = default);
}
