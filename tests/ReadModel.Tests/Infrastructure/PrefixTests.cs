using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Tests.Infrastructure;

public sealed class PrefixTests
{
    [Theory]
    [InlineData("a", "b")]
    [InlineData("mar", "mas")]
    [InlineData("az", "a{")]
    [InlineData("\uD7FF", "\uE000")]
    [InlineData("\uFFFF", "\U00010000")]
    [InlineData("a\U0010FFFF", "b")]
    public void Its_end_is_the_next_text_without_it(string prefix, string end) => Assert.Equal(end, Prefix.End(prefix));

    [Theory]
    [InlineData("")]
    [InlineData("\U0010FFFF")]
    public void It_has_no_end_where_nothing_comes_after(string prefix) => Assert.Null(Prefix.End(prefix));
}
