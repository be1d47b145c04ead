using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Lendings;

[GenerateSerializer, Alias("lms.return-review-state")]
internal sealed record ReturnReviewState : State
{
    public const string Name = "return-review";

    /// <summary>In the order they came; those that were decided are forgotten first.</summary>
    [Id(0)] public ReturnReview[] Reviews { get; init; } = [];

    public ReturnReview? Find(Guid id) => Array.Find(Reviews, review => review.Id == id);
}

/// <summary>What becomes of returns that a person must look at. Pure.</summary>
internal static class ReturnReviewRules
{
    /// <summary>Returns on the list, decided or not: one state that is read and written whole.</summary>
    public const int MaxReviews = 1000;

    public static Result<ReturnReviewState> Add(ReturnReviewState state, ReturnReview review, DateTimeOffset now)
    {
        if (state.Find(review.Id) is not null)
        {
            return state;
        }

        var kept = state.Reviews;
        if (kept.Length >= MaxReviews)
        {
            var oldest = Array.FindIndex(kept, known => known.Decision is not null);
            if (oldest < 0)
            {
                return ReviewRejections.Full;
            }

            kept = [.. kept[..oldest], .. kept[(oldest + 1)..]];
        }

        return (state with { Reviews = [.. kept, review] }).Stamped(new(review.Id, review.By), now);
    }

    public static Result<ReturnReviewState> Decide(ReturnReviewState state, DecideReview command, DateTimeOffset now) =>
        state.Find(command.Id) switch
        {
            null => ReviewRejections.Unknown,
            { Decision: { } decision } => decision.Lending == command.Lending ? state : ReviewRejections.Decided,
            var review => (state with
            {
                Reviews =
                [
                    .. state.Reviews.Select(known => known == review
                        ? known with { Decision = new(command.Operation.By, now, command.Lending) }
                        : known),
                ],
            }).Stamped(command.Operation, now),
        };
}

internal sealed class ReturnReviewGrain(
    [PersistentState(ReturnReviewState.Name, GrainStorage.Name)] IPersistentState<ReturnReviewState> storage,
    GrainServices services) : LibraryGrain<ReturnReviewState>(storage, services), IReturnReviewGrain
{
    public Task<Result<ReturnReview>> AddAsync(ReturnReview review, CancellationToken cancellationToken) =>
        CommitAsync(ReturnReviewRules.Add(State, review, Now), state => state.Find(review.Id), cancellationToken);

    public Task<Result<ReturnReview>> DecideAsync(DecideReview command, CancellationToken cancellationToken) =>
        CommitAsync(ReturnReviewRules.Decide(State, command, Now), state => state.Find(command.Id), cancellationToken);

    public Task<Result<ReturnReview>> GetAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult<Result<ReturnReview>>(State.Find(id) is { } review ? review : ReviewRejections.Unknown);

    public Task<ReturnReviews> ListAsync(CancellationToken cancellationToken) => Task.FromResult(new ReturnReviews(
        [.. State.Reviews.Where(review => review.Decision is null)],
        [.. State.Reviews.Where(review => review.Decision is not null)]));
}
