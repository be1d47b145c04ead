using Lms.Grains.Infrastructure;

namespace Lms.Grains.Tests.Infrastructure;

public sealed class HtmlTests
{
    [Theory]
    [InlineData("Two words", "Two words")]
    [InlineData("<b>B</b>old and <em>em</em>phatic", "Bold and emphatic")]
    [InlineData("<p>One</p><p>two</p>", "One two")]
    [InlineData("One<br>two<ul><li>three</li><li>four</li></ul>", "One two three four")]
    [InlineData("<a href=\"https://example.org/address\" title=\"tip\">link</a>ed", "linked")]
    [InlineData("<blockquote cite=\"https://example.org\">said</blockquote>", "said")]
    [InlineData("R&amp;D &lt;b&gt; caf&eacute;", "R&D <b> café")]
    public void The_text_of_html_has_whole_words_and_no_markup(string html, string text) => Assert.Equal(
        text, string.Join(' ', Html.TextOf(html).Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
