namespace Lms.Catalogue.Tests;

public sealed class HeadingsTests
{
    [Theory]
    [InlineData("Chabon, Michael", "Michael Chabon")]
    [InlineData("King, Martin Luther, Jr.", "Martin Luther King, Jr.")]
    [InlineData("Kennedy, John F. (John Fitzgerald),", "John F. Kennedy")]
    [InlineData("Homer.", "Homer")]
    [InlineData("Smith,", "Smith")]
    public void A_heading_is_turned_into_a_name(string heading, string name) => Assert.Equal(name, Headings.Turn(heading));

    [Theory]
    [InlineData("")]
    [InlineData(", Michael")]
    [InlineData(", Jr")]
    public void A_name_is_no_longer_than_the_library_allows(string rest)
    {
        var name = Headings.Turn(new string('a', 400) + rest);

        Assert.InRange(name.Length, 1, Headings.MaxLength);
    }
}
