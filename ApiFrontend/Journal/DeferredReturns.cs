using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Lendings;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lms.ApiFrontend.Journal;

/// <summary>Answers returns that the library cannot record now.</summary>
internal sealed class DeferredReturns(ReturnJournal journal, Commands commands, LastLendings last)
{
    /// <summary>The answer to the same request before, if it was accepted for later. Null for every other request.</summary>
    public async Task<IResult?> FindAsync(HttpContext http)
    {
        if (!Commands.TryReadKey(http, out var key, out _) || key is null
            || journal.Find(Operation.Of(Principal.UserOf(http.User), key).Id) is not { } one)
        {
            return null;
        }

        return one.Entry.Fingerprint == await commands.FingerprintAsync(http) ? Accepted(http, one) : Commands.Reused();
    }

    /// <summary>Keeps a return for later. Null when that is not possible, and then nothing was kept.</summary>
    /// <param name="http">The request, whose form and caller were judged.</param>
    /// <param name="request">The return.</param>
    /// <param name="attempted">The operation of the first try; null when it did not come so far.</param>
    public async Task<IResult?> AcceptAsync(HttpContext http, DeskReturn request, Operation? attempted)
    {
        if (ReturnBook.Check(request.Commentary, request.Grade) is { } refusal)
        {
            return Problems.Of(refusal);
        }

        if (!Commands.TryReadKey(http, out var key, out _) || Principal.UserOf(http.User) is not { } user)
        {
            return null;
        }

        var one = await journal.AcceptAsync(new()
        {
            Operation = (attempted ?? (key is null ? new(Guid.NewGuid()) : Operation.Of(user, key))).Id,
            By = user,
            At = request.At!.Value,
            Key = key,
            Fingerprint = key is null ? null : await commands.FingerprintAsync(http),
            Lending = request.Lending,
            Barcode = request.Barcode,
            LastLending = request.Barcode is { } barcode ? last.Of(barcode) : null,
            Commentary = request.Commentary,
            Grade = request.Grade,
        });
        return one is null ? null : Accepted(http, one);
    }

    private JsonHttpResult<DeferredView> Accepted(HttpContext http, JournaledReturn one)
    {
        var id = new DeferredId(journal.Name!, one.Entry.Operation);
        var links = Links.Of(http);
        http.Response.Headers.Location = links.Operation(id.ToString());
        return TypedResults.Json(DeferredView.From(id, one, links), statusCode: StatusCodes.Status202Accepted);
    }
}
