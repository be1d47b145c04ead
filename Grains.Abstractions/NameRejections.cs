namespace Lms.Grains.Abstractions;

/// <summary>Why the name of a person is refused, whoever the person is. Codes never change; details may.</summary>
public static class NameRejections
{
    public static readonly Rejection Missing =
        new(RejectionKind.Invalid, "name-missing", "Name cannot be null or blank.", "name");

    public static readonly Rejection TooLong =
        new(RejectionKind.Invalid, "name-too-long", "Name has a maximum of 150 characters.", "name");

    public static readonly Rejection NotAName =
        new(RejectionKind.Invalid, "name-invalid", "Name can only contain letters, digits, spaces, hyphens and apostrophes.", "name");

    public static readonly Rejection Forbidden =
        new(RejectionKind.Invalid, "name-forbidden", "Name contains a forbidden word", "name");
}
