using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;

namespace Lms.ApiFrontend.Lendings;

/// <summary>A book that came back at the desk, of good form: the lending or else the copy.</summary>
/// <param name="At">When it came back; null for now.</param>
internal sealed record DeskReturn(
    LendingNumber? Lending, Barcode? Barcode, string? Commentary, int? Grade, DateTimeOffset? At = null)
{
    /// <summary>The return that a request means; a number or barcode that is none belongs to nothing.</summary>
    public static Result<DeskReturn> Of(DeskReturnRequest request)
    {
        if (request.LendingNumber is { } text)
        {
            return LendingNumber.TryParse(text, out var number)
                ? new DeskReturn(number, null, request.Commentary, request.Grade)
                : new Rejection(RejectionKind.NotFound, "lending-unknown", "Lending not found", "lendingNumber");
        }

        return Grains.Abstractions.Lendings.Barcode.TryParse(request.Barcode, out var barcode)
            ? new DeskReturn(null, barcode, request.Commentary, request.Grade)
            : new Rejection(RejectionKind.NotFound, "copy-unknown", "Copy not found", "barcode");
    }
}

/// <summary>Returns at the desk: at once, or later what was accepted for later.</summary>
internal sealed class DeskReturns(IGrainFactory grains, GrainCalls calls, LendingReads lendings, LastLendings last)
{
    public async Task<Result<Lending>> ReturnAsync(
        CommandContext context, DeskReturn request, CancellationToken cancellationToken)
    {
        // Reserved, because a repeat may find the copy on the shelf by its own first try, or lent to somebody else since.
        var found = await lendings.OfDeskAsync(request, cancellationToken);
        var reserved = await context.ReserveAsync(found.Value?.Number.ToString() ?? "");
        var lending = reserved.Length == 0 || found.Value?.Number.ToString() == reserved
            ? found
            : await lendings.GetAsync(LendingNumber.Of(reserved), cancellationToken);
        if (!lending.IsAccepted)
        {
            return lending;
        }

        var returned = await calls.WriteAsync(
            grains.Account(lending.Value.Reader),
            (grain, token) => grain.ReturnAsync(
                new(context.Operation, lending.Value.Number, ExpectedVersion: null, request.Commentary, request.Grade, request.At), token),
            cancellationToken);
        last.Note(returned.Value);
        return returned;
    }
}
