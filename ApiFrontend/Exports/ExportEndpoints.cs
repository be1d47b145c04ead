using System.Globalization;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Imports;
using Lms.ApiFrontend.Resilience;
using Lms.Catalogue;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Books;

namespace Lms.ApiFrontend.Exports;

internal static partial class ExportEndpoints
{
    private const int Page = 500;

    /// <summary>A trailer: how many books the format could not hold.</summary>
    private const string LeftOut = "Lms-Left-Out";

    public static void MapExports(this IEndpointRouteBuilder api)
    {
        var exports = api.MapGroup("/exports").WithTags("Exports");

        exports.MapGet("/books", ExportAsync).WithName("ExportBooks").For(Roles.Librarian)
            .WithSummary("All books as one file, as it is read: marcxml, which is the default, marc21 or csv.")
            .AnswersEmpty(contentType: "application/octet-stream").RefusesWithProblem(400);
    }

    private static async Task<IResult> ExportAsync(
        string? format,
        HttpContext http,
        BookExportQueries books,
        MarcExport records,
        CatalogueOptions options,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        if (!ImportView.TryParse(format, out var parsed))
        {
            return Problems.Invalid("format-unknown", "The format is marcxml, marc21 or csv.", "format");
        }

        // Read before the answer begins: a read model that is away is a 503 then, not half a file.
        var page = await books.PageAsync(after: "", Page, cancellationToken);
        RequestTime.Leave();
        var chosen = parsed ?? CatalogueFormat.MarcXml;
        var (type, extension) = chosen switch
        {
            CatalogueFormat.Marc21 => ("application/marc", "mrc"),
            CatalogueFormat.MarcXml => ("application/marcxml+xml", "xml"),
            _ => ("text/csv; charset=utf-8", "csv"),
        };
        http.Response.ContentType = type;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"books.{extension}\"";
        http.Response.Headers.CacheControl = "no-store";
        if (http.Response.SupportsTrailers())
        {
            http.Response.DeclareTrailer(LeftOut);
        }

        var leftOut = 0;
        var export = CatalogueExport.Create(chosen, http.Response.Body, records);
        while (page.Count > 0)
        {
            foreach (var row in page)
            {
                if (!await export.TryWriteAsync(Book(row, options), cancellationToken))
                {
                    leftOut++;
                    LogLeftOut(loggers.CreateLogger(typeof(ExportEndpoints)), row.Isbn);
                }
            }

            page = await books.PageAsync(page[^1].Isbn, Page, cancellationToken);
        }

        // Not when something breaks on the way: half a catalogue must not end like a whole one.
        await export.DisposeAsync();

        if (http.Response.SupportsTrailers())
        {
            http.Response.AppendTrailer(LeftOut, leftOut.ToString(CultureInfo.InvariantCulture));
        }

        return Results.Empty;
    }

    private static ExportedBook Book(ExportRow row, CatalogueOptions options)
    {
        var record = row.Record is null ? new(null, null) : BookRecord.OfJson(row.Record);
        return new()
        {
            Isbn = Isbn.Of(row.Isbn),
            IsbnAsGiven = row.IsbnAsGiven,
            Title = row.Title,
            Authors = row.Authors.Count == 0 ? [options.UnknownAuthor] : [.. row.Authors],
            Genre = row.Genre,
            Description = row.Description,
            Details = record.Details ?? new(),
            Source = record.Source,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Book {Isbn} is too long for ISO 2709; the export is without it")]
    private static partial void LogLeftOut(ILogger logger, string isbn);
}
