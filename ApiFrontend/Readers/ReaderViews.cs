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
