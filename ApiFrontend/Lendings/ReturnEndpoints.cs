using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Journal;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Lendings;

internal static class ReturnEndpoints
{
    public static void MapReturns(this IEndpointRouteBuilder api)
    {
        api.MapPost("/returns", ReturnAsync).WithName("ReturnAtDesk").WithTags("Lendings").For(Roles.Librarian)
            .WithSummary("Returns a book at the desk, by the copy's barcode or the lending's number.")
            .WithDescription(
                "202 means: accepted, not yet recorded, because the library cannot be reached now. Location tells what becomes of it.")
            .Answers<LendingView>(contentType: LendingView.ContentType).Produces<DeferredView>(202)
            .RefusesWithProblem(400, 404, 409, 422);
        api.MapGet("/operations/{id}", Get).WithName("GetOperation").WithTags("Lendings").For(Roles.Librarian)
            .WithSummary("What became of a return that was accepted for later. Only the gateway that accepted it knows.")
            .Answers<DeferredView>().RefusesWithProblem(404);
    }

    private static async Task<IResult> ReturnAsync(
        DeskReturnRequest body,
        HttpContext http,
        Commands commands,
        DeskReturns returns,
        DeferredReturns deferred,
        LendingReads lendings,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (body.Barcode is null == body.LendingNumber is null)
        {
            return Problems.Invalid("return-unclear", "Give either the barcode or the lendingNumber.", "barcode");
        }

        var request = DeskReturn.Of(body);
        if (!request.IsAccepted)
        {
            return Problems.Of(request.Rejection);
        }

        if (await deferred.FindAsync(http) is { } earlier)
        {
            return earlier;
        }

        var cameAt = clock.GetUtcNow();
        Operation? attempted = null;
        try
        {
            return await commands.RunAsync(
                http,
                context =>
                {
                    attempted = context.Operation;
                    return returns.ReturnAsync(context, request.Value, cancellationToken);
                },
                lending => lending.Number.ToString(),
                number => lendings.GetAsync(LendingNumber.Of(number), cancellationToken),
                async lending => lending.IsAccepted
                    ? await LendingEndpoints.AnswerAsync(http, lending.Value, lendings, cancellationToken)
                    : Problems.Of(lending.Rejection));
        }
        catch (Exception exception) when (GrainFaults.IsUnavailable(exception))
        {
            // Whether the first try was carried out is unknown: the later one has the same operation id.
            if (await deferred.AcceptAsync(http, request.Value with { At = cameAt }, attempted) is { } accepted)
            {
                return accepted;
            }

            throw;
        }
    }

    private static IResult Get(string id, HttpContext http, ReturnJournal journal)
    {
        if (!DeferredId.TryParse(id, out var parsed))
        {
            return Unknown();
        }

        if (parsed.Journal != journal.Name)
        {
            return Refusals.Unavailable(
                http, TimeSpan.FromSeconds(1), "operation-elsewhere", "Another gateway accepted it; this one cannot know.");
        }

        return journal.Find(parsed.Operation) is { } one
            ? TypedResults.Json(DeferredView.From(parsed, one, Links.Of(http)))
            : Unknown();
    }

    private static IResult Unknown() =>
        Problems.Problem(StatusCodes.Status404NotFound, "operation-unknown", "No such operation, or it was carried out long ago.");
}
