using System.Net;
using System.Text.RegularExpressions;
using Ganss.Xss;

namespace Lms.Grains.Infrastructure;

/// <summary>Leaves formatting and links in text from outside, and nothing that runs.</summary>
internal static partial class Html
{
    private static readonly HtmlSanitizer s_sanitizer = new(new HtmlSanitizerOptions
    {
        AllowedTags = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
        {
            "a", "b", "blockquote", "br", "cite", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "i", "li", "ol", "p",
            "pre", "q", "s", "small", "span", "strong", "sub", "sup", "u", "ul",
        },
        AllowedAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href", "title", "cite" },
        AllowedSchemes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "http", "https", "mailto" },
        UriAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href", "cite" },
    });

    public static string Sanitise(string html) =>
        html.AsSpan().IndexOfAny('<', '>', '&') < 0 ? html : s_sanitizer.Sanitize(html);

    /// <summary>The text of sanitised HTML. Formatting leaves words whole; lines, lists and paragraphs end them.</summary>
    public static string TextOf(string html) => WebUtility.HtmlDecode(Block().Replace(Inline().Replace(html, ""), " "));

    [GeneratedRegex("</?(?:a|b|cite|code|em|i|q|s|small|span|strong|sub|sup|u)(?: [^>]*)?>", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Inline();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1_000)]
    private static partial Regex Block();
}
