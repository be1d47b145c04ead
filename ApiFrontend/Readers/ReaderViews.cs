using System.Text.Json.Serialization;
using Lms.ApiFrontend.Http;
using Lms.Grains.Abstractions.Readers;
using Lms.ReadModel.Readers;

namespace Lms.ApiFrontend.Readers;

internal record ReaderView(
    string ReaderNumber,
    string Email,
    string FullName,
    DateOnly BirthDate,
    string PhoneNumber,
    string Photo,
    bool GdprConsent,
    bool MarketingConsent,
    bool ThirdPartySharingConsent,
    IReadOnlyList<string> InterestList)
{
    /// <param name="reader">The reader.</param>
    /// <param name="interests">The interests as the library spells them.</param>
    /// <param name="links">Addresses as the client sees them.</param>
    public static ReaderView From(Reader reader, IReadOnlyList<string> interests, Links links) => new(
        reader.Number.ToString(),
        reader.Username,
        reader.FullName,
        reader.BirthDate,
        reader.PhoneNumber,
        $"{links.Reader(reader.Number)}/photo",
        reader.Gdpr,
        reader.Marketing,
        reader.ThirdParty,
        interests);

    public static ReaderView From(ReaderSummary reader, Links links) => new(
        reader.Number,
        reader.Username,
        reader.FullName,
        reader.BirthOn,
        reader.PhoneNumber,
        $"{links.Reader(Grains.Abstractions.Readers.ReaderNumber.Of(reader.Number))}/photo",
        reader.Gdpr,
        reader.Marketing,
        reader.ThirdParty,
        reader.Interests);
}

/// <summary>A reader with something that happened in the month of their birth.</summary>
internal sealed record ReaderQuoteView : ReaderView
{
    public ReaderQuoteView(ReaderView reader, string quote)
        : base(reader) => Quote = quote;

    [JsonPropertyOrder(1)]
    public string Quote { get; init; }
}

internal sealed record ReaderCountView(ReaderView ReaderView, long LendingCount);

internal sealed record MonthlyLendingsView(IReadOnlyList<MonthlyLendings> Items);

internal sealed record MonthlyLendings(int Year, int Month, long Count);

internal sealed record ReaderQuery(string? Name, string? Email, string? PhoneNumber);

/// <summary>What a client may say of a reader.</summary>
/// <param name="Username">An e-mail address.</param>
/// <param name="Password">At least 8 characters: upper and lower case, and a digit or a sign.</param>
/// <param name="FullName">1 to 150 letters, digits, spaces, hyphens and apostrophes.</param>
/// <param name="BirthDate">yyyy-MM-dd.</param>
/// <param name="PhoneNumber">9 digits that start with 9 or 2.</param>
/// <param name="Gdpr">Consent to the processing that membership needs; must be true to register.</param>
/// <param name="Marketing">Consent; false when it is left out.</param>
/// <param name="ThirdParty">Consent to sharing with others; false when it is left out.</param>
/// <param name="InterestList">Names of genres. The field may be called <c>interestList[]</c> as well, and repeats.</param>
/// <param name="Photo">PNG or JPEG of at most 20000 bytes; in multipart forms only.</param>
internal sealed record ReaderForm(
    string? Username,
    string? Password,
    string? FullName,
    string? BirthDate,
    string? PhoneNumber,
    bool? Gdpr,
    bool? Marketing,
    bool? ThirdParty,
    string[]? InterestList,
    IFormFile? Photo);
