using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Books;

namespace Lms.Grains.Books;

internal static class BookTexts
{
    public static BookText Of(Book book) => new()
    {
        Titles = Folded([book.Title, book.Details?.FullTitle, .. book.Details?.Series ?? []]),
        Subjects = Folded(book.Details?.Subjects ?? []),
        Description = Folded([book.Description is { } html ? Html.TextOf(html) : null]),
        Publisher = Folded([book.Details?.Publisher]),
        Isbns = string.Join(' ', [book.Isbn, .. book.Details?.Aliases ?? []]),
    };

    private static string Folded(IEnumerable<string?> texts) => Folding.Fold(string.Join('\n', texts));
}
