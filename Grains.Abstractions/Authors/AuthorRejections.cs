namespace Lms.Grains.Abstractions.Authors;

/// <summary>Every reason this service may refuse a command. Codes never change; details may.</summary>
public static class AuthorRejections
{
    public static readonly Rejection NumberTaken =
        new(RejectionKind.Conflict, "author-number-taken", "The author number is already in use.");

    public static readonly Rejection BioMissing =
        new(RejectionKind.Invalid, "bio-missing", "Bio cannot be null or blank.", "bio");

    public static readonly Rejection BioTooLong =
        new(RejectionKind.Invalid, "bio-too-long", "Bio has a maximum of 4096 characters.", "bio");

    public static readonly Rejection Stale =
        new(RejectionKind.Conflict, "stale-version", "The author has changed since it was read.");

    public static readonly Rejection NoPhoto =
        new(RejectionKind.NotFound, "photo-unknown", "The author has no photo.");

    public static Rejection Unknown(AuthorNumber number) =>
        new(RejectionKind.NotFound, "author-unknown", $"Entity Author with id {number} not found");
}
