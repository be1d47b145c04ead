using Lms.ApiFrontend.Books;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;

namespace Lms.ApiFrontend.Lendings;

/// <summary>Lendings by number or barcode, from the grains that own what a view of a lending shows.</summary>
internal sealed class LendingReads(
    IGrainFactory grains, GrainCalls calls, BookReads books, LastLendings last, LibraryCalendar calendar)
{
    public Task<Result<Lending>> GetAsync(LendingNumber number, CancellationToken cancellationToken) =>
        calls.ReadAsync(grains.Lending(number), (grain, token) => grain.GetAsync(token), cancellationToken);

    /// <summary>The lending of an address; a number that was undone, or that is none, is a lending that does not exist.</summary>
    public async Task<Result<Lending>> GetAsync(string year, string sequence, CancellationToken cancellationToken)
    {
        if (!LendingNumber.TryParse(year, sequence, out var number))
        {
            return new Rejection(RejectionKind.NotFound, "lending-unknown", "Lending not found");
        }

        var lending = await GetAsync(number, cancellationToken);
        return lending.IsAccepted ? lending : LendingRejections.Unknown(number);
    }

    /// <summary>The lending that a librarian means: that of the number, or the one that has the copy.</summary>
    public async Task<Result<Lending>> OfDeskAsync(DeskReturn request, CancellationToken cancellationToken)
    {
        if (request.Lending is { } named)
        {
            var lending = await GetAsync(named, cancellationToken);
            return lending.IsAccepted ? lending : LendingRejections.Unknown(named);
        }

        var copy = await CopyAsync(request.Barcode!.Value, cancellationToken);
        return copy switch
        {
            { IsAccepted: false } => copy.Rejection,
            { Value.Lending: { } number } => await GetAsync(number, cancellationToken),
            _ => LendingRejections.AlreadyReturned,
        };
    }

    public async Task<Result<Copy>> CopyAsync(Barcode barcode, CancellationToken cancellationToken)
    {
        var copy = await calls.ReadAsync(grains.Copy(barcode), (grain, token) => grain.GetAsync(token), cancellationToken);
        if (copy.IsAccepted)
        {
            last.Note(barcode, copy.Value.Lending);
        }

        return copy;
    }

    /// <summary>With the title of today; with that of the day of lending when the book cannot be asked.</summary>
    public async Task<LendingView> ViewAsync(Lending lending, Links links, CancellationToken cancellationToken)
    {
        var title = lending.BookTitle;
        try
        {
            title = (await books.GetAsync(lending.Isbn, cancellationToken)).Value?.Title ?? title;
        }
        catch (Exception exception) when (GrainFaults.IsUnavailable(exception))
        {
            // A lending must not depend on the service of books.
        }

        return LendingView.From(lending, title, calendar.Today, links);
    }
}
