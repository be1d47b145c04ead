using System.Text.Json.Serialization;
using Lms.ApiFrontend.Http;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.ReadModel.Lendings;

namespace Lms.ApiFrontend.Lendings;

internal sealed record LendingView(
    string LendingNumber,
    string BookTitle,
    DateOnly StartDate,
    DateOnly LimitDate,
    DateOnly? ReturnedDate,
    int? DaysUntilReturn,
    int? DaysOverdue,
    int? FineValueInCents,
    [property: JsonPropertyName("_links")] LendingLinks Links)
{
    public const string ContentType = "application/hal+json";

    /// <param name="lending">The lending.</param>
    /// <param name="title">The book's title today.</param>
    /// <param name="today">The day at the library.</param>
    /// <param name="links">Addresses as the client sees them.</param>
    public static LendingView From(Lending lending, string title, DateOnly today, Links links)
    {
        var (late, left) = (lending.DaysOverdue(today), lending.DueOn.DayNumber - today.DayNumber);
        return new(
            lending.Number.ToString(),
            title,
            lending.StartedOn,
            lending.DueOn,
            lending.ReturnedOn,
            lending.ReturnedOn is null && left >= 0 ? left : null,
            late > 0 ? late : null,
            late > 0 ? lending.Fine(today) : null,
            new(new(links.Lending(lending.Number)), new(links.Book(lending.Isbn.ToString())), new(links.Reader(lending.Reader))));
    }

    public static LendingView From(LendingSummary lending, DateOnly today, Links links)
    {
        // One arithmetic for lendings, wherever they were read.
        var snapshot = new Lending
        {
            Number = Grains.Abstractions.Lendings.LendingNumber.Of(lending.Number),
            Isbn = Grains.Abstractions.Books.Isbn.Of(lending.Isbn),
            Reader = ReaderNumber.Of(lending.Reader),
            ReaderUser = default,
            BookTitle = lending.Title,
            StartedOn = lending.StartedOn,
            DueOn = lending.DueOn,
            ReturnedOn = lending.ReturnedOn,
            FinePerDayInCents = lending.FinePerDayInCents,
            FineInCents = lending.FineInCents,
        };
        return From(snapshot, lending.Title, today, links);
    }
}

internal sealed record LendingLinks(Href Self, Href Book, Href Reader);

internal sealed record LendingsAverageDurationView(double LendingsAverageDuration);

/// <summary>A book that a reader takes.</summary>
/// <param name="Isbn">Required: 10 or 13 characters.</param>
/// <param name="ReaderNumber">Required, such as 2024/1.</param>
/// <param name="Barcode">The copy that is taken; the library chooses one unless it is given.</param>
internal sealed record LendRequest(string? Isbn, string? ReaderNumber, string? Barcode);

internal sealed record ReturnRequest(string? Commentary);

/// <summary>A book that came back at the desk: the barcode of the copy, or else the number of the lending.</summary>
internal sealed record DeskReturnRequest(string? Barcode, string? LendingNumber, string? Commentary, int? Grade);

internal sealed record LendingQuery(string? ReaderNumber, string? Isbn, bool? Returned, string? StartDate, string? EndDate);

/// <summary>A copy; who has it is for librarians only.</summary>
internal sealed record CopyView(
    string Barcode, string Isbn, string? Branch, string? ShelfMark, string Status, string? LendingNumber, string? ReaderNumber, int Version)
{
    public static CopyView From(Copy copy, bool showsReader) => new(
        copy.Barcode.ToString(),
        copy.Isbn.ToString(),
        copy.Branch,
        copy.ShelfMark,
        copy.Lending is null ? "available" : "lent",
        showsReader ? copy.Lending?.ToString() : null,
        showsReader ? copy.Reader?.ToString() : null,
        copy.Version);

    public static CopyView From(CopySummary copy, bool showsReader) => new(
        copy.Barcode,
        copy.Isbn,
        copy.Branch,
        copy.ShelfMark,
        copy.Lending is null ? "available" : "lent",
        showsReader ? copy.Lending : null,
        showsReader ? copy.Reader : null,
        copy.Version);
}

/// <summary>A copy that the library has got.</summary>
/// <param name="Barcode">Required: 1 to 50 visible ASCII characters other than a slash.</param>
/// <param name="Branch">Where it is: at most 100 characters.</param>
/// <param name="ShelfMark">On which shelf: at most 100 characters.</param>
internal sealed record AddCopyRequest(string? Barcode, string? Branch, string? ShelfMark);

internal sealed record ChangeCopyRequest(string? Branch, string? ShelfMark);
