using Lms.Grains.Abstractions.Books;

namespace Lms.Grains.Tests.Books;

public sealed class IsbnTests
{
    [Theory]
    [InlineData("9789720706386", "9789720706386")]
    [InlineData("9780306406157", "9780306406157")]
    [InlineData("0306406152", "9780306406157")]
    [InlineData("080442957X", "9780804429573")]
    [InlineData("0000000000", "9780000000002")]
    [InlineData("2000000000008", "2000000000008")] // a local number of the library
    public void Ten_and_thirteen_characters_with_a_right_check_digit_are_an_isbn_13(string text, string isbn)
    {
        Assert.True(Isbn.TryParse(text, out var parsed));
        Assert.Equal(isbn, parsed.ToString());
        Assert.Equal(parsed, Isbn.Of(isbn));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("9789720706387")] // wrong check digit
    [InlineData("978972070638")] // twelve
    [InlineData("97897207063860")] // fourteen
    [InlineData("978-9720706386")]
    [InlineData("0306406153")] // wrong check digit
    [InlineData("030640615")] // nine
    [InlineData("03064061520")] // eleven
    [InlineData("X306406152")]
    [InlineData("080442957x")] // small x
    [InlineData("978030640615X")]
    [InlineData(" 0306406152")]
    [InlineData("٠٣٠٦٤٠٦١٥٢")] // digits of another script
    public void Anything_else_is_none(string? text)
    {
        Assert.False(Isbn.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Isbn.Of(text ?? ""));
    }

    [Fact]
    public void Each_of_the_ten_last_digits_is_right_for_one_number_in_ten()
    {
        var right = Enumerable.Range(0, 1000).Count(number => Isbn.TryParse($"9780306{number:D6}", out _));

        Assert.Equal(100, right);
    }
}
