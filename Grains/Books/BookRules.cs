using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Books;

/// <summary>What a bibliographic record may be. Pure: the same state, command and instant give the same decision.</summary>
internal static class BookRules
{
    public const int MaxTitle = 128;
    public const int MaxDescription = 4096;
    public const int MaxAuthors = 100;

    /// <param name="state">The book so far.</param>
    /// <param name="isbn">Its key.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="genre">The genre that the command names; null when there is none.</param>
    /// <param name="authors">Those of the command's authors who exist.</param>
    /// <param name="now">The instant.</param>
    public static Result<BookState> Create(
        BookState state, Isbn isbn, CreateBook command, GenreName? genre, AuthorNumber[] authors, DateTimeOffset now)
    {
        if (state.Knows(command.Operation))
        {
            return state;
        }

        if (IsTaken(state))
        {
            return BookRejections.Exists;
        }

        if (CheckText(command.Title, command.Description) is { } refusal)
        {
            return refusal;
        }

        if (genre is not { } name)
        {
            return BookRejections.GenreUnknown;
        }

        if (CheckAuthors(authors) is { } authorRefusal)
        {
            return authorRefusal;
        }

        var book = New(isbn, command.IsbnAsGiven, command.Title!, command.Description, name, authors, command.Photo);
        return (state with { Book = book }).Stamped(command.Operation, now);
    }

    public static Result<BookState> Change(
        BookState state, Isbn isbn, ChangeBook command, GenreName? genre, AuthorNumber[]? authors, DateTimeOffset now)
    {
        if (state.Knows(command.Operation))
        {
            return state;
        }

        if (state.Book is not { } book)
        {
            return BookRejections.Unknown(isbn);
        }

        if (book.Version != command.ExpectedVersion)
        {
            return BookRejections.Stale;
        }

        if (CheckText(command.Title ?? "unchanged", command.Description) is { } refusal)
        {
            return refusal;
        }

        if (command.Genre is not null && genre is null)
        {
            return BookRejections.GenreUnknown;
        }

        if (authors is not null && CheckAuthors(authors) is { } authorRefusal)
        {
            return authorRefusal;
        }

        var changed = book with
        {
            Title = command.Title?.Trim() ?? book.Title,
            Genre = genre ?? book.Genre,
            Authors = authors ?? book.Authors,
            Description = Description(command.Description) ?? book.Description,
            Photo = command.Photo ?? book.Photo,
            Details = command.Title is null || book.Details is null ? book.Details : book.Details with { FullTitle = null },
            Version = book.Version + 1,
        };
        return (state with { Book = changed }).Stamped(command.Operation, now);
    }

    public static Result<BookState> RemovePhoto(BookState state, Isbn isbn, Operation operation, DateTimeOffset now) =>
        state switch
        {
            _ when state.Knows(operation) => state,
            { Book: null } => BookRejections.Unknown(isbn),
            { Book.Photo: null } => BookRejections.NoPhoto,
            { Book: { } book } => (state with { Book = book with { Photo = null, Version = book.Version + 1 } })
                .Stamped(operation, now),
        };

    /// <summary>Judges everything that can be judged before genre and authors are made; after this nothing may refuse.</summary>
    public static Rejection? CheckComplete(BookState state, CompleteBook command)
    {
        if (IsTaken(state))
        {
            return BookRejections.Exists;
        }

        return CheckText(command.Title, command.Description)
            ?? (GenreName.TryParse(command.Genre, out _) ? null : GenreRejections.Invalid with { Field = "genre" })
            ?? (command.Authors.Length == 0 ? BookRejections.AuthorMissing : null)
            ?? (command.Authors.Length > MaxAuthors ? BookRejections.TooManyAuthors : null);
    }

    public static BookState BeginCreation(
        BookState state, Isbn isbn, CompleteBook command, AuthorNumber[] authors, NewAuthor[] newAuthors, DateTimeOffset now) =>
        state with
        {
            Creation = new()
            {
                Operation = command.Operation,
                StartedAt = now,
                GenreSpelling = command.Genre!.Trim(),
                NewAuthors = newAuthors,
                Book = New(
                    isbn, command.IsbnAsGiven, command.Title!, command.Description, GenreName.Of(command.Genre!), authors, null),
            },
        };

    public static BookState FinishCreation(BookState state, BookCreation creation, DateTimeOffset now) =>
        (state with { Book = creation.Book, Creation = null }).Stamped(creation.Operation, now);

    private static bool IsTaken(BookState state) =>
        state is not { Book: null, Creation: null, AliasOf: null };

    private static Book New(
        Isbn isbn, string asGiven, string title, string? description, GenreName genre, AuthorNumber[] authors, string? photo) =>
        new()
        {
            Isbn = isbn,
            IsbnAsGiven = asGiven,
            Title = title.Trim(),
            Genre = genre,
            Authors = authors,
            Description = Description(description),
            Photo = photo,
        };

    private static string? Description(string? text) => string.IsNullOrWhiteSpace(text) ? null : Html.Sanitise(text);

    private static Rejection? CheckText(string? title, string? description) => title switch
    {
        _ when string.IsNullOrWhiteSpace(title) => BookRejections.TitleMissing,
        { } text when text.Trim().Length > MaxTitle => BookRejections.TitleTooLong,
        _ when description?.Length > MaxDescription => BookRejections.DescriptionTooLong,
        _ => null,
    };

    private static Rejection? CheckAuthors(AuthorNumber[] authors) => authors.Length switch
    {
        0 => BookRejections.AuthorMissing,
        > MaxAuthors => BookRejections.TooManyAuthors,
        _ => null,
    };
}
