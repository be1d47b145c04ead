namespace Lms.Grains.Abstractions.Books;

/// <summary>Every reason this service may refuse a command. Codes never change; details may.</summary>
public static class BookRejections
{
    public static readonly Rejection Exists =
        new(RejectionKind.Conflict, "book-exists", "A book with this ISBN already exists.", "isbn");

    public static readonly Rejection TitleMissing =
        new(RejectionKind.Invalid, "title-missing", "Title cannot be null or blank.", "title");

    public static readonly Rejection TitleTooLong =
        new(RejectionKind.Invalid, "title-too-long", "The title has a maximum of 128 characters.", "title");

    public static readonly Rejection DescriptionTooLong =
        new(RejectionKind.Invalid, "description-too-long", "The description has a maximum of 4096 characters.", "description");

    public static readonly Rejection GenreUnknown =
        new(RejectionKind.NotFound, "genre-unknown", "Genre not found.", "genre");

    public static readonly Rejection AuthorMissing =
        new(RejectionKind.Invalid, "author-missing", "A book needs at least one author.", "authors");

    public static readonly Rejection AuthorUnknown =
        new(RejectionKind.NotFound, "author-unknown", "Author not found.", "authors");

    public static readonly Rejection TooManyAuthors =
        new(RejectionKind.Invalid, "too-many-authors", "A book has a maximum of 100 authors.", "authors");

    public static readonly Rejection Stale =
        new(RejectionKind.Conflict, "stale-version", "The book has changed since it was read.");

    public static readonly Rejection NoPhoto =
        new(RejectionKind.NotFound, "photo-unknown", "The book has no photo.");

    public static Rejection Unknown(Isbn isbn) =>
        new(RejectionKind.NotFound, "book-unknown", $"Entity Book with id {isbn} not found");
}
