using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Lendings;

namespace Lms.ReadModel.Tests.Infrastructure;

public sealed class ReadModelVersionsTests : ReadModelTest
{
    public static TheoryData<string> States => [.. ReadModelVersions.States];

    [Fact]
    public async Task They_are_those_of_the_rows_of_one_state_by_key()
    {
        await StoreAsync(
            Any.Author(1) with { RowVersion = 7 }, Any.Author(2) with { RowVersion = 8 }, Any.Genre("Drama"));

        var versions = await new ReadModelVersions(Database).GetAsync("author", Token);

        Assert.Equal(2, versions.Count);
        Assert.Equal(new ProjectionVersion(7, ReadModelVersions.CurrentSchema("author")), versions["author:1"]);
        Assert.Equal(new ProjectionVersion(8, ReadModelVersions.CurrentSchema("author")), versions["author:2"]);
    }

    [Fact]
    public async Task Every_state_can_be_stored_and_keeps_its_version()
    {
        Projection[] rows =
        [
            Any.Account("2026/1", Any.Entry("2026/1", AccountPhase.Open)),
            Any.Author(1),
            Any.Book("1", authors: [1]),
            Any.Copy("b"),
            Any.Genre("Drama"),
            Any.Holdings("1"),
            Any.Import("a"),
            Any.Lending("2026/1"),
            Any.Login("any@example.io"),
            Any.Reader("2026/1", "A", "Drama"),
            Any.User(1),
        ];
        await StoreAsync(rows);

        Assert.Equal(ReadModelVersions.States, rows.Select(row => row.State));
        foreach (var row in rows)
        {
            var version = Assert.Single(await new ReadModelVersions(Database).GetAsync(row.State, Token));
            Assert.Equal(row.Key, version.Key);
            Assert.Equal(new ProjectionVersion(1, ReadModelVersions.CurrentSchema(row.State)), version.Value);
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Every_state_has_a_schema_of_at_least_1(string state) =>
        Assert.True(ReadModelVersions.CurrentSchema(state) >= 1);

    [Fact]
    public void A_state_without_projection_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => ReadModelVersions.CurrentSchema("sequence"));
}
