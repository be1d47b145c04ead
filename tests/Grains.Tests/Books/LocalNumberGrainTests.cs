using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Books;
using Lms.Grains.Tests.Imports;

namespace Lms.Grains.Tests.Books;

public sealed class LocalNumberGrainTests(ClusterFixture fixture) : ImportTest(fixture)
{
    private static string Record => $"record-{Any.Number}";

    /// <summary>Far from those that the sequence gives out.</summary>
    private static Isbn Wanted => Isbn.Local(1_000_000 + Any.Number);

    [Fact]
    public async Task A_record_has_one_number_for_ever()
    {
        var record = Record;

        var numbers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Grains.LocalNumber(record).EnsureAsync(null, "Folheto", Token)));
        await Cluster.ForgetAsync(Grains.LocalNumber(record));

        var number = Assert.Single(numbers.Distinct());
        Assert.True(number.IsLocal);
        Assert.StartsWith("20", number.Digits, StringComparison.Ordinal);
        Assert.Equal(number, await Grains.LocalNumber(record).EnsureAsync(Wanted, "Folheto", Token));
    }

    [Fact]
    public async Task Records_have_different_numbers()
    {
        var numbers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Grains.LocalNumber(Record).EnsureAsync(null, "Folheto", Token)));

        Assert.Distinct(numbers);
    }

    [Fact]
    public async Task A_number_that_comes_with_the_record_is_kept()
    {
        var wanted = Wanted;

        Assert.Equal(wanted, await Grains.LocalNumber(Record).EnsureAsync(wanted, "Folheto", Token));
    }

    [Fact]
    public async Task A_number_that_two_records_want_goes_to_one()
    {
        var wanted = Wanted;

        var numbers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Grains.LocalNumber(Record).EnsureAsync(wanted, "Folheto", Token)));

        Assert.Contains(wanted, numbers);
        Assert.Distinct(numbers);
    }

    [Fact]
    public async Task A_number_that_came_from_elsewhere_is_not_given_out_again()
    {
        var next = Isbn.Local(Serial(await Grains.LocalNumber(Record).EnsureAsync(null, "Folheto", Token)) + 1);
        Assert.Equal(next, await Grains.LocalNumber(Record).EnsureAsync(next, "Folheto", Token));

        Assert.NotEqual(next, await Grains.LocalNumber(Record).EnsureAsync(null, "Folheto", Token));
    }

    [Theory]
    [InlineData("FOLHETO", true)]
    [InlineData("Outro", false)]
    public async Task A_number_that_comes_back_from_an_export_finds_its_book_and_no_other(string title, bool isTheBook)
    {
        var wanted = Wanted;
        Assert.True((await Grains.Book(wanted).CompleteAsync(
            new(Any.Operation, $"{wanted}", "Folheto", "Prosa", [new(null, "Ana", "Bio")], null), Token)).IsAccepted);

        Assert.Equal(isTheBook, wanted == await Grains.LocalNumber(Record).EnsureAsync(wanted, title, Token));
    }

    [Theory]
    [InlineData(Cut.WriteFails)]
    [InlineData(Cut.ReplyIsLost)]
    [InlineData(Cut.Conflict)]
    public async Task A_claim_that_was_cut_short_is_made_once(Cut cut)
    {
        var (record, wanted) = (Record, Wanted);
        Storage.Interrupt(cut, LocalNumberState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => Grains.LocalNumber(record).EnsureAsync(wanted, "Folheto", Token));

        Assert.Equal(wanted, await Grains.LocalNumber(record).EnsureAsync(wanted, "Folheto", Token));
    }

    private static int Serial(Isbn number) => int.Parse(number.Digits.AsSpan(2, 10), System.Globalization.CultureInfo.InvariantCulture);
}
