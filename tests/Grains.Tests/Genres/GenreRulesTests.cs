using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Genres;

namespace Lms.Grains.Tests.Genres;

public sealed class GenreRulesTests
{
    private static readonly GenreName s_name = GenreName.Of("Ficção");

    [Theory]
    [InlineData("Ficção", "ficcao")]
    [InlineData("  FICÇÃO ", "ficcao")]
    [InlineData("Ficção Científica", "ficcao cientifica")]
    [InlineData("Sci-Fi & Fantasy", "sci-fi & fantasy")]
    public void Spellings_that_fold_alike_are_one_genre(string spelling, string folded)
    {
        Assert.True(GenreName.TryParse(spelling, out var name));
        Assert.Equal(folded, name.Folded);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void A_genre_has_1_to_100_characters(int length, bool isGenre) =>
        Assert.Equal(isGenre, GenreName.TryParse(new('a', length), out _));

    [Theory]
    [InlineData(null)]
    [InlineData("   ")]
    [InlineData("a\nb")]
    [InlineData("\u0301")] // an accent without a letter folds to nothing
    public void Blanks_controls_and_lone_accents_are_no_genre(string? text) => Assert.False(GenreName.TryParse(text, out _));

    [Fact]
    public void A_genre_exists_once_in_whatever_spelling()
    {
        var command = new CreateGenre(Any.Operation, " Ficção ");
        var created = GenreRules.Create(new(), s_name, command, Any.Instant).Value!;

        Assert.Equal("Ficção", created.Genre!.Spelling);
        Assert.Same(created, GenreRules.Create(created, s_name, command, Any.Instant).Value);
        Assert.Equal(GenreRejections.Exists, GenreRules.Create(created, s_name, new(Any.Operation, "FICCAO"), Any.Instant).Rejection);
        Assert.Same(created, GenreRules.Ensure(created, s_name, new(Any.Operation, "FICCAO"), Any.Instant).Value);
    }

    [Theory]
    [InlineData("FICÇÃO", 0, null)]
    [InlineData("Ficcao", 0, null)]
    [InlineData("Ficção", 1, "stale-version")]
    [InlineData("Ficções", 0, "genre-other-name")]
    [InlineData("", 0, "genre-invalid")]
    public void Another_spelling_is_one_that_folds_alike(string spelling, int version, string? code)
    {
        var respelled = GenreRules.Respell(Created(), s_name, new(Any.Operation, version, spelling), Any.Instant);

        Assert.Equal(code, respelled.Rejection?.Code);
        Assert.Equal(code is null ? (spelling, 1) : null, respelled.Value?.Genre is { } g ? (g.Spelling, g.Version) : ((string, int)?)null);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "genre-in-use")]
    public void A_genre_is_retired_when_no_book_has_it(int books, string? code) =>
        Assert.Equal(code, GenreRules.Retire(Created(), s_name, Any.Operation, books, Any.Instant).Rejection?.Code);

    [Fact]
    public void A_retired_genre_is_unknown_until_it_is_created_again()
    {
        var retired = GenreRules.Retire(Created(), s_name, Any.Operation, 0, Any.Instant).Value!;
        var again = GenreRules.Create(retired, s_name, new(Any.Operation, "ficção"), Any.Instant).Value!;

        Assert.Equal("genre-unknown", GenreRules.Retire(retired, s_name, Any.Operation, 0, Any.Instant).Rejection?.Code);
        Assert.Equal("genre-unknown", GenreRules.Respell(retired, s_name, new(Any.Operation, 1, "Ficção"), Any.Instant).Rejection?.Code);
        Assert.Equal((false, "ficção", 2), (again.IsRetired, again.Genre!.Spelling, again.Genre.Version));
    }

    private static GenreState Created() => GenreRules.Create(new(), s_name, new(Any.Operation, "Ficção"), Any.Instant).Value!;
}
