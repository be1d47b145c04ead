using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Abstractions.Lendings;

/// <summary>A return that was accepted for later and then refused.</summary>
[GenerateSerializer, Immutable, Alias("lms.return-review")]
public sealed record ReturnReview
{
    /// <summary>The operation id of the return.</summary>
    [Id(0)] public required Guid Id { get; init; }

    /// <summary>The journal that accepted it.</summary>
    [Id(1)] public required string Journal { get; init; }

    /// <summary>The librarian who took the book back.</summary>
    [Id(2)] public required UserId By { get; init; }

    /// <summary>When the book came back.</summary>
    [Id(3)] public required DateTimeOffset ReturnedAt { get; init; }

    /// <summary>The lending that was named, or that the gateway had last seen the copy with.</summary>
    [Id(4)] public LendingNumber? Lending { get; init; }

    /// <summary>The copy that was named.</summary>
    [Id(5)] public Barcode? Barcode { get; init; }

    [Id(6)] public string? Commentary { get; init; }

    [Id(7)] public int? Grade { get; init; }

    /// <summary>Why the library refused it.</summary>
    [Id(8)] public required Rejection Reason { get; init; }

    /// <summary>Null while nobody has looked at it.</summary>
    [Id(9)] public ReviewDecision? Decision { get; init; }
}

/// <summary>What a librarian decided about a return.</summary>
/// <param name="Lending">The lending that the book was returned to; null when nothing was to be done.</param>
[GenerateSerializer, Immutable, Alias("lms.review-decision")]
public sealed record ReviewDecision(UserId? By, DateTimeOffset At, LendingNumber? Lending = null);

/// <summary>Tells the list what was decided.</summary>
/// <param name="Lending">The lending that the book was returned to; null when nothing was to be done.</param>
[GenerateSerializer, Immutable, Alias("lms.decide-review")]
public sealed record DecideReview(Operation Operation, Guid Id, LendingNumber? Lending = null);

/// <summary>The list of returns to look at.</summary>
[GenerateSerializer, Immutable, Alias("lms.return-reviews")]
public sealed record ReturnReviews(ReturnReview[] Open, ReturnReview[] Decided);

/// <summary>Every reason to refuse a command on the list. Codes never change; details may.</summary>
public static class ReviewRejections
{
    public static readonly Rejection Unknown = new(RejectionKind.NotFound, "review-unknown", "No such return is to be looked at.");

    public static readonly Rejection Decided = new(RejectionKind.Conflict, "review-decided", "Something else was decided before.");

    public static readonly Rejection Full = new(RejectionKind.Conflict, "review-full", "Too many returns wait for a decision.");
}

/// <summary>How the list is addressed. The only place that knows what its grain key looks like.</summary>
public static class ReviewGrains
{
    public const string Key = "review:returns";

    extension(IGrainFactory grains)
    {
        public IReturnReviewGrain ReturnReviews() => grains.GetGrain<IReturnReviewGrain>(Key);
    }
}
