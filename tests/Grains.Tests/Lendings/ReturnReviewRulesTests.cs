using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Lendings;

namespace Lms.Grains.Tests.Lendings;

public sealed class ReturnReviewRulesTests
{
    [Fact]
    public void A_return_is_listed_once()
    {
        var review = Review();
        var listed = ReturnReviewRules.Add(new(), review, Any.Instant).Value!;

        Assert.Same(listed, ReturnReviewRules.Add(listed, review with { Grade = 1 }, Any.Instant).Value);
        Assert.Equal(review, Assert.Single(listed.Reviews));
    }

    [Fact]
    public void What_was_decided_is_kept_with_who_and_when_and_decided_once()
    {
        var review = Review();
        var listed = ReturnReviewRules.Add(new(), review, Any.Instant).Value!;
        var apply = new DecideReview(Any.Operation with { By = Any.UserId }, review.Id, new LendingNumber(2026, 1));

        var decided = ReturnReviewRules.Decide(listed, apply, Any.Instant).Value!;

        Assert.Equal(new(apply.Operation.By, Any.Instant, apply.Lending), Assert.Single(decided.Reviews).Decision);
        Assert.Same(decided, ReturnReviewRules.Decide(decided, apply with { Operation = Any.Operation }, Any.Instant).Value);
        Assert.Equal(
            ReviewRejections.Decided, ReturnReviewRules.Decide(decided, apply with { Lending = null }, Any.Instant).Rejection);
        Assert.Equal(ReviewRejections.Unknown, ReturnReviewRules.Decide(decided, apply with { Id = Guid.NewGuid() }, Any.Instant).Rejection);
    }

    [Fact]
    public void Of_a_full_list_what_was_decided_is_forgotten_and_nothing_else()
    {
        var full = new ReturnReviewState { Reviews = [.. Enumerable.Range(0, ReturnReviewRules.MaxReviews).Select(_ => Review())] };
        var late = Review();
        var decided = ReturnReviewRules.Decide(full, new(Any.Operation, full.Reviews[5].Id), Any.Instant).Value!;

        var listed = ReturnReviewRules.Add(decided, late, Any.Instant).Value!;

        Assert.Equal(ReviewRejections.Full, ReturnReviewRules.Add(full, late, Any.Instant).Rejection);
        Assert.Equal([.. full.Reviews.Where((_, index) => index != 5), late], listed.Reviews);
    }

    private static ReturnReview Review() => new()
    {
        Id = Guid.NewGuid(),
        Journal = "0a0a0a0a",
        By = Any.UserId,
        ReturnedAt = Any.Instant,
        Reason = LendingRejections.ReturnedBeforeLent,
    };
}
