using System.Globalization;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Books;

namespace Lms.ApiFrontend.Books;

internal static class FullTextEndpoints
{
    public static void MapFullText(this IEndpointRouteBuilder api) =>
        api.MapGroup("/books").WithTags("Books")
            .MapGet("/full-text", FindAsync).WithName("FindBooksByText").For(Roles.Reader, Roles.Librarian)
            .WithSummary("Books in which every word is found, best first, and what they are.")
            .Answers<FullTextView>().RefusesWithProblem(400);

    private static async Task<IResult> FindAsync(
        [AsParameters] FullTextRequest request,
        HttpContext http,
        FullTextQueries books,
        CancellationToken cancellationToken)
    {
        if (PageQuery.Of(request.Page, request.Limit) is not var (number, size, offset))
        {
            return Problems.Invalid("page-invalid", "page is at least 1, limit is from 1 to 100.", "page");
        }

        if (request.Q?.Length > SearchText.MaxLength)
        {
            return Problems.Invalid("query-too-long", $"Search for at most {SearchText.MaxLength} characters.", "q");
        }

        if (request.YearFrom > request.YearTo)
        {
            return Problems.Invalid("years-invalid", "yearFrom is at most yearTo.", "yearFrom");
        }

        var found = await books.FindAsync(
            SearchQuery.Parse(Folding.Fold(request.Q ?? "")), FilterOf(request), offset, size, cancellationToken);
        return TypedResults.Json(FullTextView.From(found, number, size, Links.Of(http)));
    }

    private static BookFilter FilterOf(FullTextRequest request)
    {
        var isNumber = long.TryParse(request.Author, NumberStyles.None, CultureInfo.InvariantCulture, out var author);
        return new()
        {
            GenreFolded = SearchText.FoldedOrNull(request.Genre),
            Author = isNumber ? author : null,
            AuthorNameFolded = isNumber ? null : SearchText.FoldedOrNull(request.Author),
            Language = SearchText.FoldedOrNull(request.Language),
            YearFrom = request.YearFrom,
            YearTo = request.YearTo,
        };
    }
}
