using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Lendings;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Journal;

/// <summary>Returns that were accepted for later and then refused: a librarian looks at them, at whichever gateway.</summary>
internal static class ReviewEndpoints
{
    public static void MapReturnReview(this IEndpointRouteBuilder api)
    {
        var review = api.MapGroup("/returns/review").WithTags("Lendings");

        review.MapGet("", ListAsync).WithName("ListReturnReviews").For(Roles.Librarian)
            .WithSummary("Returns that wait for a librarian's decision, oldest first; with decided=true those that were decided lately.")
            .Answers<Paged<ReviewView>>().RefusesWithProblem(400);
        review.MapPost("/{id}", DecideAsync).WithName("DecideReturnReview").For(Roles.Librarian)
            .WithSummary("Decides: dismiss, or apply to the lending that the book was returned from.")
            .Answers<ReviewView>().RefusesWithProblem(400, 404, 409, 422);
    }

    private static async Task<IResult> ListAsync(
        int? page, int? limit, bool? decided, IGrainFactory grains, GrainCalls calls, CancellationToken cancellationToken)
    {
        if (PageQuery.Of(page, limit) is not var (number, size, offset))
        {
            return Problems.Invalid("page-invalid", "page is at least 1, limit is from 1 to 100.", "page");
        }

        var reviews = await calls.ReadAsync(grains.ReturnReviews(), (grain, token) => grain.ListAsync(token), cancellationToken);
        var asked = decided == true ? reviews.Decided : reviews.Open;
        return TypedResults.Json(new Paged<ReviewView>(
            [.. asked.Skip(offset).Take(size).Select(ReviewView.From)], number, size, asked.Length));
    }

    private static async Task<IResult> DecideAsync(
        string id,
        DecideReviewRequest body,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        LendingReads lendings,
        CancellationToken cancellationToken)
    {
        LendingNumber? lending = null;
        switch (body.Decision)
        {
            case "dismiss" when body.LendingNumber is null:
                break;
            case "apply" when LendingNumber.TryParse(body.LendingNumber, out var number):
                lending = number;
                break;
            default:
                return Problems.Invalid(
                    "decision-unclear", "The decision is dismiss, or apply with the lendingNumber.", "decision");
        }

        if (!DeferredId.TryParse(id, out var parsed))
        {
            return Problems.Of(ReviewRejections.Unknown);
        }

        return await commands.RunAsync(
            http,
            context => CarryOutAsync(context, parsed.Operation, lending, grains, calls, lendings, cancellationToken),
            review => review.Id.ToString("N"),
            known => calls.ReadAsync(
                grains.ReturnReviews(), (grain, token) => grain.GetAsync(Guid.ParseExact(known, "N"), token), cancellationToken),
            review => Task.FromResult<IResult>(review.IsAccepted
                ? TypedResults.Json(ReviewView.From(review.Value))
                : Problems.Of(review.Rejection)));
    }

    private static async Task<Result<ReturnReview>> CarryOutAsync(
        CommandContext context,
        Guid id,
        LendingNumber? lending,
        IGrainFactory grains,
        GrainCalls calls,
        LendingReads lendings,
        CancellationToken cancellationToken)
    {
        var list = grains.ReturnReviews();
        var review = await calls.ReadAsync(list, (grain, token) => grain.GetAsync(id, token), cancellationToken);
        if (!review.IsAccepted)
        {
            return review;
        }

        // First what is decided, then that it is: who finds it decided finds it done. The operation is that of the return, so
        // that it is carried out once, whoever decides it how often.
        if (lending is { } number && review.Value.Decision is null)
        {
            var found = await lendings.GetAsync(number, cancellationToken);
            var returned = found.IsAccepted
                ? await calls.WriteAsync(
                    grains.Account(found.Value.Reader),
                    (grain, token) => grain.ReturnAsync(
                        new(
                            new(id, context.Operation.By),
                            number,
                            ExpectedVersion: null,
                            review.Value.Commentary,
                            review.Value.Grade,
                            review.Value.ReturnedAt),
                        token),
                    cancellationToken)
                : LendingRejections.Unknown(number);
            if (!returned.IsAccepted)
            {
                return returned.Rejection;
            }
        }

        return await calls.WriteAsync(
            list, (grain, token) => grain.DecideAsync(new(context.Operation, id, lending), token), cancellationToken);
    }
}

/// <summary>What a librarian decides.</summary>
/// <param name="Decision">dismiss or apply.</param>
/// <param name="LendingNumber">To apply: the lending that the book was returned from.</param>
internal sealed record DecideReviewRequest(string? Decision, string? LendingNumber);

/// <summary>A return to look at.</summary>
/// <param name="Id">The same as that of the operation.</param>
/// <param name="ReturnedAt">When the book came back, which is the day that counts.</param>
/// <param name="AcceptedBy">The user at the desk.</param>
/// <param name="LendingNumber">That was named, or that the copy had last been seen with.</param>
/// <param name="Barcode">That was named.</param>
/// <param name="Commentary">What was said about the book.</param>
/// <param name="Grade">What was thought of it.</param>
/// <param name="Code">Why the library refused it.</param>
/// <param name="Detail">The same for people.</param>
/// <param name="Decision">dismiss or apply; null while nobody has decided.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="DecidedBy">The user who has.</param>
/// <param name="AppliedTo">The lending that it was applied to.</param>
internal sealed record ReviewView(
    string Id,
    DateTimeOffset ReturnedAt,
    string AcceptedBy,
    string? LendingNumber,
    string? Barcode,
    string? Commentary,
    int? Grade,
    string Code,
    string Detail,
    string? Decision,
    DateTimeOffset? DecidedAt,
    string? DecidedBy,
    string? AppliedTo)
{
    public static ReviewView From(ReturnReview review) => new(
        new DeferredId(review.Journal, review.Id).ToString(),
        review.ReturnedAt,
        review.By.ToString(),
        review.Lending?.ToString(),
        review.Barcode?.ToString(),
        review.Commentary,
        review.Grade,
        review.Reason.Code,
        review.Reason.Detail,
        review.Decision is { } decision ? decision.Lending is null ? "dismiss" : "apply" : null,
        review.Decision?.At,
        review.Decision?.By?.ToString(),
        review.Decision?.Lending?.ToString());
}
