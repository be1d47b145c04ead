using Lms.Grains.Infrastructure;

namespace Lms.Grains.Tests.Infrastructure;

public sealed class NameRulesTests
{
    private static readonly string[] s_words = ["Sol", "Revolução", "Arco-Íris"];

    [Theory]
    [InlineData("Ana", null)]
    [InlineData("Zé d'Almeida-Sá 2", null)]
    [InlineData("Ελένη Łukasz 文", null)]
    [InlineData(null, "name-missing")]
    [InlineData("", "name-missing")]
    [InlineData(" \t", "name-missing")]
    [InlineData("Ana!", "name-invalid")]
    [InlineData("Ana_", "name-invalid")]
    [InlineData("Ana.", "name-invalid")]
    [InlineData("<b>Ana</b>", "name-invalid")]
    [InlineData("Ana@", "name-invalid")]
    [InlineData("Ana 😀", "name-invalid")]
    public void A_name_has_letters_digits_spaces_hyphens_and_apostrophes(string? name, string? code) =>
        Assert.Equal(code, NameRules.Check(name)?.Code);

    [Theory]
    [InlineData(150, null)]
    [InlineData(151, "name-too-long")]
    public void A_name_has_150_characters_at_most(int length, string? code) =>
        Assert.Equal(code, NameRules.Check(new('a', length))?.Code);

    [Theory]
    [InlineData("Sol", true)]
    [InlineData("Maria Solange", true)]
    [InlineData("Girassol", true)]
    [InlineData("maria SOL", true)]
    [InlineData("Ana REVOLUÇÃO", true)]
    [InlineData("arco-íris", true)]
    [InlineData("So l", false)]
    [InlineData("Ana Luz", false)]
    [InlineData("Revolucao", false)]
    public void No_word_of_a_name_may_contain_a_forbidden_one(string name, bool isForbidden) =>
        Assert.Equal(isForbidden ? "name-forbidden" : null, NameRules.Check(name, s_words)?.Code);
}
