using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Authors;

namespace Lms.Grains.Tests.Authors;

public sealed class AuthorRulesTests
{
    private static readonly AuthorNumber s_number = new(7);

    [Theory]
    [InlineData(null, "bio-missing")]
    [InlineData("", "bio-missing")]
    [InlineData("  ", "bio-missing")]
    [InlineData("B", null)]
    public void A_bio_is_needed(string? bio, string? code) => Assert.Equal(code, AuthorRules.Check("Ana", bio)?.Code);

    [Theory]
    [InlineData(4096, null)]
    [InlineData(4097, "bio-too-long")]
    public void A_bio_has_4096_characters_at_most(int length, string? code) =>
        Assert.Equal(code, AuthorRules.Check("Ana", new('a', length))?.Code);

    [Fact]
    public void The_words_that_readers_may_not_bear_are_fine_for_authors() => Assert.Null(AuthorRules.Check("Sol", "Bio"));

    [Fact]
    public void A_name_loses_the_spaces_around_it_and_a_bio_what_runs()
    {
        var author = Create("  Ana  ", "<p onclick='x()'>Olá <script>alert(1)</script><a href=\"javascript:x()\">a</a></p>").Author!;

        Assert.Equal("Ana", author.Name);
        Assert.Equal("<p>Olá <a>a</a></p>", author.Bio);
    }

    [Fact]
    public void A_number_that_is_taken_is_refused_and_a_repeat_is_not()
    {
        var command = new CreateAuthor(Any.Operation, "Ana", "Bio", null);
        var created = AuthorRules.Create(new(), s_number, command, Any.Instant).Value!;

        Assert.Same(created, AuthorRules.Create(created, s_number, command, Any.Instant).Value);
        Assert.Equal(
            AuthorRejections.NumberTaken,
            AuthorRules.Create(created, s_number, command with { Operation = Any.Operation }, Any.Instant).Rejection);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "stale-version")]
    [InlineData(-1, "stale-version")]
    public void A_change_is_for_those_who_saw_the_author_as_it_is(int version, string? code) => Assert.Equal(
        code,
        AuthorRules.Change(Create("Ana", "Bio"), s_number, new(Any.Operation, version, "Eça", null, null), Any.Instant).Rejection?.Code);

    [Fact]
    public void What_a_change_does_not_name_stays_and_every_change_moves_the_version()
    {
        var before = Create("Ana", "Bio");

        var after = AuthorRules.Change(before, s_number, new(Any.Operation, 0, null, null, "abc"), Any.Instant).Value!;

        Assert.Equal(before.Author! with { Photo = "abc", Version = 1 }, after.Author);
    }

    [Fact]
    public void Of_an_author_that_does_not_exist_nothing_changes()
    {
        var unknown = AuthorRejections.Unknown(s_number);

        Assert.Equal(unknown, AuthorRules.Change(new(), s_number, new(Any.Operation, 0, "Ana", null, null), Any.Instant).Rejection);
        Assert.Equal(unknown, AuthorRules.RemovePhoto(new(), s_number, Any.Operation, Any.Instant).Rejection);
        Assert.Equal(AuthorRejections.NoPhoto, AuthorRules.RemovePhoto(Create("Ana", "Bio"), s_number, Any.Operation, Any.Instant).Rejection);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("+1", false)]
    [InlineData(" 1", false)]
    [InlineData("1.0", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_number_is_positive(string? text, bool isNumber) =>
        Assert.Equal(isNumber, AuthorNumber.TryParse(text, out _));

    private static AuthorState Create(string name, string bio) =>
        AuthorRules.Create(new(), s_number, new(Any.Operation, name, bio, null), Any.Instant).Value!;
}
