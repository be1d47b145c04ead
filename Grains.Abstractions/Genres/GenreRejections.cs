namespace Lms.Grains.Abstractions.Genres;

/// <summary>Every reason this service may refuse a command. Codes never change; details may.</summary>
public static class GenreRejections
{
    public static readonly Rejection Invalid =
        new(RejectionKind.Invalid, "genre-invalid", "A genre has 1 to 100 characters.", "name");

    public static readonly Rejection Exists =
        new(RejectionKind.Conflict, "genre-exists", "The genre already exists.", "name");

    public static readonly Rejection OtherName =
        new(RejectionKind.Invalid, "genre-other-name", "Only the spelling of a genre can change, not its name.", "name");

    public static readonly Rejection InUse =
        new(RejectionKind.Conflict, "genre-in-use", "The genre has books.");

    public static readonly Rejection Stale =
        new(RejectionKind.Conflict, "stale-version", "The genre has changed since it was read.");

    public static Rejection Unknown(string name) =>
        new(RejectionKind.NotFound, "genre-unknown", $"Entity Genre with id {name} not found", "genre");
}
