using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Lms.ApiFrontend.Resilience;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Readers;

/// <summary>Where historical events come from. Section <c>Lms:Quotes</c>.</summary>
internal sealed class QuoteOptions
{
    public const string Section = "Lms:Quotes";

    /// <summary>
    /// Answers a JSON array of <c>{"event": text}</c> for <c>?year=&amp;month=</c>. None by default: the built-in facts.
    /// </summary>
    [Url]
    public string? Url { get; set; }
}

[OptionsValidator]
internal sealed partial class QuoteOptionsValidator : IValidateOptions<QuoteOptions>;

/// <summary>Something that happened in the month of a reader's birth: never missing, never a reason to wait.</summary>
internal sealed class Quotes(IHttpClientFactory clients, OptionalCalls calls, IOptions<QuoteOptions> options)
{
    private static readonly string[] s_facts =
    [
        "In January 1863 the first underground railway of the world opened in London.",
        "In February 1455 the Gutenberg Bible, the first great printed book of Europe, was being finished in Mainz.",
        "In March 1876 Alexander Graham Bell made the first telephone call.",
        "In April 1564 William Shakespeare was baptised in Stratford-upon-Avon.",
        "In May 1895 the New York Public Library was founded by uniting three libraries.",
        "In June 1580, on the tenth, Luís de Camões died in Lisbon; Portugal remembers him on that day.",
        "In July 1969 people walked on the Moon for the first time.",
        "In August 1991 the first page of the World Wide Web was opened to the public.",
        "In September 1928 Alexander Fleming noticed the mould that became penicillin.",
        "In October 1998 José Saramago was awarded the Nobel Prize in Literature.",
        "In November 1602 the Bodleian Library in Oxford opened to scholars.",
        "In December 1903 the Wright brothers flew for the first time.",
    ];

    public async Task<string> ForAsync(DateOnly birthDate, CancellationToken cancellationToken) =>
        options.Value.Url is { } url
            ? await calls.CallAsync(token => AskAsync(url, birthDate, token), cancellationToken) ?? BuiltIn(birthDate)
            : BuiltIn(birthDate);

    private static string BuiltIn(DateOnly birthDate) => s_facts[birthDate.Month - 1];

    private async Task<string?> AskAsync(string url, DateOnly birthDate, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(nameof(Quotes));
        client.MaxResponseContentBufferSize = 65_536;
        var query = string.Create(CultureInfo.InvariantCulture, $"{url}?year={birthDate.Year}&month={birthDate.Month}");
        using var answer = JsonDocument.Parse(await client.GetStringAsync(query, cancellationToken));
        return answer.RootElement.ValueKind == JsonValueKind.Array && answer.RootElement.GetArrayLength() > 0
            && answer.RootElement[0].ValueKind == JsonValueKind.Object
            && answer.RootElement[0].TryGetProperty("event", out var text) && text.ValueKind == JsonValueKind.String
                ? text.GetString()
                : null;
    }
}
