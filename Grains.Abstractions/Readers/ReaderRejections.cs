using System.Globalization;

namespace Lms.Grains.Abstractions.Readers;

/// <summary>Every reason this service may refuse a command. Codes never change; details may.</summary>
public static class ReaderRejections
{
    public static readonly Rejection NumberTaken =
        new(RejectionKind.Conflict, "reader-number-taken", "The reader number is already in use.");

    public static readonly Rejection BirthDateInvalid =
        new(RejectionKind.Invalid, "birth-date-invalid", "Provided birth date is not in a valid format. Use yyyy-MM-dd", "birthDate");

    public static readonly Rejection PhoneInvalid =
        new(RejectionKind.Invalid, "phone-invalid", "Phone number is not valid: it has 9 characters and starts with 9 or 2.", "phoneNumber");

    public static readonly Rejection GdprMissing =
        new(RejectionKind.Invalid, "gdpr-missing", "Readers must agree with the GDPR rules", "gdpr");

    public static readonly Rejection TooManyInterests =
        new(RejectionKind.Invalid, "too-many-interests", "A reader has a maximum of 100 interests.", "interestList");

    public static readonly Rejection InterestUnknown =
        new(RejectionKind.NotFound, "genre-unknown", "Could not find a genre of the interest list", "interestList");

    public static readonly Rejection Stale =
        new(RejectionKind.Conflict, "stale-version", "The reader has changed since it was read.");

    public static readonly Rejection NoProfile =
        new(RejectionKind.NotFound, "reader-unknown", "The user is not a reader.");

    public static readonly Rejection NoPhoto =
        new(RejectionKind.NotFound, "photo-unknown", "The reader has no photo.");

    public static Rejection TooYoung(int minimumAge) => new(
        RejectionKind.Forbidden,
        "reader-too-young",
        string.Create(CultureInfo.InvariantCulture, $"User must be, at least, {minimumAge} years old"),
        "birthDate");

    public static Rejection Unknown(ReaderNumber number) =>
        new(RejectionKind.NotFound, "reader-unknown", $"Entity Reader with id {number} not found");
}
