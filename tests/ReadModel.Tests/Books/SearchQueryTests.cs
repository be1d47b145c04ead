using Lms.ReadModel.Books;

namespace Lms.ReadModel.Tests.Books;

public sealed class SearchQueryTests
{
    // What is typed, then what is searched for: words of a term with + between them, * for a beginning.
    [Theory]
    [InlineData("the sea", "the | sea")]
    [InlineData("  the\tsea\n", "the | sea")]
    [InlineData("the sea the", "the | sea")]
    [InlineData("\"the old man\" sea", "the+old+man | sea")]
    [InlineData("“the old man” sea", "the+old+man | sea")]
    [InlineData("sea\"the old man\"whale", "sea | the+old+man | whale")]
    [InlineData("sea \"the old", "sea | the | old")]
    [InlineData("\"the\" \"old", "the | old")]
    [InlineData("\"\" \"sea\"", "sea")]
    [InlineData("libr*", "libr*")]
    [InlineData("libr* sea", "libr* | sea")]
    [InlineData("libr * sea", "libr | sea")]
    [InlineData("*libr", "libr")]
    [InlineData("\"sea libr*\"", "sea+libr")]
    [InlineData("libr libr*", "libr | libr*")]
    [InlineData("co-operation d'artagnan", "co | operation | d | artagnan")]
    [InlineData("3.14", "3 | 14")]
    [InlineData("sea and not whale or near", "sea | and | not | whale | or | near")]
    [InlineData("title:sea ^whale -old near(a b, 2) {x}", "title | sea | whale | old | near | a | b | 2 | x")]
    [InlineData("", "")]
    [InlineData("!? -- \"*\" ... ¿¡ … —", "")]
    [InlineData("9780306406157", "9780306406157")]
    [InlineData("978-0-306-40615-7", "9780306406157")]
    [InlineData("978 0 306 40615 7", "9780306406157")]
    [InlineData("978‑0‑306–40615−7", "9780306406157")]
    [InlineData("\"978-0-306-40615-7\"", "9780306406157")]
    [InlineData("0306406152", "9780306406157")]
    [InlineData("0-306-40615-2 machines", "9780306406157 | machines")]
    [InlineData("0-8044-2957-x", "9780804429573")]
    [InlineData("080442957x", "9780804429573")]
    [InlineData("9780306406158", "9780306406158")]
    [InlineData("978-0-306-40615-8", "978 | 0 | 306 | 40615 | 8")]
    [InlineData("1939 1945", "1939 | 1945")]
    [InlineData("x80442957x", "x80442957x")]
    [InlineData("97803064*", "97803064*")]
    [InlineData("東京物語", "東+京+物+語")]
    [InlineData("東京 story", "東+京 | story")]
    [InlineData("tokyo東京", "tokyo | 東+京")]
    [InlineData("\"東京 story\"", "東+京+story")]
    [InlineData("ไทย", "ไ+ท+ย")]
    [InlineData("𠮷野家", "𠮷+野+家")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("война и мир", "война | и | мир")]
    public void A_text_is_read_as_terms(string text, string terms) => Assert.Equal(
        terms,
        string.Join(" | ", SearchQuery.Parse(text).Terms.Select(
            term => string.Join('+', term.Words) + (term.IsPrefix ? "*" : ""))));

    [Fact]
    public void Half_a_character_is_no_word() =>
        Assert.Equal(["a", "b"], SearchQuery.Parse("a\uD842b").Terms.SelectMany(term => term.Words));

    [Fact]
    public void A_word_of_a_text_is_a_term_of_the_same_text() => Assert.Equal(
        SearchWords.Of("the (old) man, 東京; 2nd"),
        string.Join(' ', SearchQuery.Parse("the (old) man, 東京; 2nd").Terms.SelectMany(term => term.Words)));
}
