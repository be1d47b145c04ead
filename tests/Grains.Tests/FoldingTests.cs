using System.Globalization;
using CsCheck;
using Lms.Grains.Abstractions;

namespace Lms.Grains.Tests;

public sealed class FoldingTests
{
    [Theory]
    [InlineData("São João da Madeira", "sao joao da madeira")]
    [InlineData("ÇÀÉÎÕÜ çàéîõü", "caeiou caeiou")]
    [InlineData("Ελλάδα ΑΘΗΝΑ", "ελλαδα αθηνα")]
    [InlineData("Война и мир", "воина и мир")]
    [InlineData("ЁЖ", "еж")]
    [InlineData("Straße STRAẞE", "strasse strasse")]
    [InlineData("Æther æther", "aether aether")]
    [InlineData("Łódź", "lodz")]
    [InlineData("Œuvre Øre Đorđe Þór ıI", "oeuvre ore dorde thor ii")]
    [InlineData("e\u0301", "e")]
    [InlineData("日本語 123 -_'.,", "日本語 123 -_'.,")]
    [InlineData("", "")]
    public void Letters_lose_case_and_accents_and_signs_stay(string text, string folded) =>
        Assert.Equal(folded, Folding.Fold(text));

    [Fact]
    public void This_machine_folds_as_those_that_wrote_the_stored_keys() => Folding.Check();

    [Fact]
    public void Folding_twice_is_folding_once_for_every_character()
    {
        var broken = Enumerable.Range(char.MinValue, char.MaxValue + 1)
            .Select(code => ((char)code).ToString())
            .Where(text => Folding.Fold(Folding.Fold(text)) != Folding.Fold(text));

        Assert.Empty(broken);
    }

    [Fact]
    public void Composed_and_decomposed_letters_fold_alike_wherever_they_fold_to_ascii()
    {
        var broken = Enumerable.Range(0xC0, 0x24F - 0xC0)
            .Select(code => ((char)code).ToString())
            .Where(text => Folding.Fold(text).Any(char.IsAscii))
            .Where(text => Folding.Fold(text.Normalize(System.Text.NormalizationForm.FormD)) != Folding.Fold(text));

        Assert.Empty(broken);
    }

    [Fact]
    public void Upper_and_lower_case_fold_alike_for_every_ascii_text() =>
        Gen.String[Gen.Char[' ', '~'], 0, 20].Sample(text =>
            string.Equals(Folding.Fold(text.ToUpperInvariant()), Folding.Fold(text), StringComparison.Ordinal)
            && string.Equals(Folding.Fold(text), text, StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Folding_a_text_is_folding_its_parts() =>
        Gen.Select(Gen.String, Gen.String).Sample((head, tail) =>
            Folding.Fold(head + tail) == Folding.Fold(head) + Folding.Fold(tail));

    [Fact]
    public void Nobody_asks_for_the_culture_of_the_thread()
    {
        const string text = "İIiı ÇÀ Straße ΑΣ";
        var expected = Folding.Fold(text);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new SilentCulture();
            Assert.Equal(expected, Folding.Fold(text));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private sealed class SilentCulture() : CultureInfo("")
    {
        public override TextInfo TextInfo => throw new NotSupportedException();

        public override CompareInfo CompareInfo => throw new NotSupportedException();
    }
}
