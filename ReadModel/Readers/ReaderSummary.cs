namespace Lms.ReadModel.Readers;

/// <summary>A reader with the names of the genres of interest as they are today.</summary>
/// <param name="Number">Year and sequence as one text, such as "2024/1".</param>
/// <param name="UserId">The user who signs in as this reader.</param>
/// <param name="Username">The e-mail.</param>
/// <param name="FullName">The full name.</param>
/// <param name="BirthOn">The date of birth.</param>
/// <param name="PhoneNumber">The phone number.</param>
/// <param name="Gdpr">Consent to the rules of data protection.</param>
/// <param name="Marketing">Consent to marketing.</param>
/// <param name="ThirdParty">Consent to sharing with third parties.</param>
/// <param name="Photo">The SHA-256 of the photo.</param>
/// <param name="Interests">Names of genres, in the order of the reader.</param>
/// <param name="Version">The version that clients see.</param>
public sealed record ReaderSummary(
    string Number,
    long UserId,
    string Username,
    string FullName,
    DateOnly BirthOn,
    string PhoneNumber,
    bool Gdpr,
    bool Marketing,
    bool ThirdParty,
    string? Photo,
    IReadOnlyList<string> Interests,
    int Version);

public sealed record ReaderLendings(ReaderSummary Reader, long Lendings);

public sealed record MonthCount(int Year, int Month, long Count);
