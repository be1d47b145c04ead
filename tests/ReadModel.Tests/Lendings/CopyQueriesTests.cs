using Lms.ReadModel.Lendings;

namespace Lms.ReadModel.Tests.Lendings;

public sealed class CopyQueriesTests : ReadModelTest
{
    private CopyQueries Copies => new(Database);

    [Theory]
    [InlineData(0, 2, "a b")]
    [InlineData(2, 2, "c")]
    [InlineData(3, 2, "")]
    public async Task Of_a_book_are_those_not_withdrawn_by_barcode(int offset, int limit, string barcodes)
    {
        await StoreAsync(
            Any.Copy("c", "1"), Any.Copy("b", "1"), Any.Copy("a", "1"),
            Any.Copy("d", "1") with { Withdrawn = true },
            Any.Copy("e", "2"));

        var page = await Copies.OfBookAsync("1", offset, limit, Token);

        Assert.Equal(barcodes, string.Join(' ', page.Items.Select(copy => copy.Barcode)));
        Assert.Equal(3, page.Total);
    }

    [Fact]
    public async Task A_copy_tells_who_has_it()
    {
        await StoreAsync(
            Any.Copy("b", "1") with
            {
                Branch = "Centro",
                ShelfMark = "82-3 QUE",
                Lending = "2026/13",
                Reader = "2026/1",
                Version = 5,
            });

        var page = await Copies.OfBookAsync("1", 0, 10, Token);

        Assert.Equal([new("b", "1", "Centro", "82-3 QUE", "2026/13", "2026/1", 5)], page.Items);
    }
}
