namespace Lms.Contract.Tests;

/// <summary>What the suite invents must itself be right.</summary>
public sealed class SuiteTests
{
    [Theory]
    [InlineData("978972070638", "6")]
    [InlineData("978989561286", "4")]
    [InlineData("978030640615", "7")]
    public void The_check_digit_of_thirteen_is_known(string digits, string check) =>
        Assert.Equal(check, Any.Isbn13Check(digits));

    [Theory]
    [InlineData("030640615", "2")]
    [InlineData("080442957", "X")]
    public void The_check_character_of_ten_is_known(string digits, string check) =>
        Assert.Equal(check, Any.Isbn10Check(digits));

    [Fact]
    public void A_misprinted_number_never_checks()
    {
        foreach (var isbn in Enumerable.Range(0, 200).Select(_ => Any.Isbn13))
        {
            Assert.NotEqual(Any.Isbn13Check(isbn[..12]), Any.Misprinted(isbn)[12..]);
        }
    }

    [Fact]
    public void A_photo_has_the_size_that_was_asked_for()
    {
        Assert.Equal(20_000, Photo.Png(20_000).Bytes.Length);
        Assert.Equal(20_001, Photo.Png(20_001).Bytes.Length);
    }

    [Fact]
    public void A_path_takes_its_names_in_order()
    {
        Assert.Equal("/api/lendings/2026/4", Catalogue.Find("PATCH /api/lendings/{}/{}").Path("2026", "4"));
        Assert.Equal("/api/lendings/x/x", Catalogue.Find("PATCH /api/lendings/{}/{}").Path("x"));
        Assert.Equal("/api/genres/top5", Catalogue.Find("GET /api/genres/top5").Path("1"));
        Assert.Equal(
            "GET /api/readers/{}/{}/photo", Catalogue.Normalise("get", "/api/readers/{year}/{sequence}/photo/"));
    }
}
