using Lms.Grains.Abstractions;
using Lms.Silo.Cluster;

namespace Lms.Grains.Tests.Cluster;

/// <summary>Where an activation may be.</summary>
public sealed class PoolTests
{
    private static readonly SiloAddress s_first = Silo(1);
    private static readonly SiloAddress s_second = Silo(2);
    private static readonly SiloAddress s_third = Silo(3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_service_lives_in_its_pool(bool isStrict) =>
        Assert.Equal([s_first, s_third], Choose("books", isStrict, "books,authors", "lendings", "books"));

    [Fact]
    public void A_service_without_a_pool_lives_anywhere() =>
        Assert.Equal([s_first, s_second], Choose("books", isStrict: false, "authors", "lendings"));

    [Fact]
    public void A_strict_service_without_a_pool_lives_nowhere() =>
        Assert.Empty(Choose("books", isStrict: true, "authors", "lendings"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Silos_that_have_not_told_what_they_serve_serve_anything(bool isStrict) =>
        Assert.Equal([s_first, s_second], Choose("books", isStrict, null, null));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_silo_that_has_not_told_yet_may_be_the_pool(bool isStrict) =>
        Assert.Equal([s_second], Choose("books", isStrict, "authors", null, "lendings"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_silo_known_to_be_of_the_pool_comes_before_one_that_may_be(bool isStrict) =>
        Assert.Equal([s_third], Choose("books", isStrict, null, "authors", "books"));

    [Fact]
    public void A_service_is_told_by_its_whole_name() => Assert.Empty(Choose("books", isStrict: true, "bookshelves,notebooks"));

    [Fact]
    public void Where_nothing_is_said_everything_lives_anywhere()
    {
        var all = string.Join(',', LibraryServices.Names);

        Assert.All(LibraryServices.Names, service => Assert.Equal([s_first, s_second], Choose(service, isStrict: true, all, all)));
    }

    private static IReadOnlyList<SiloAddress> Choose(string service, bool isStrict, params string?[] served)
    {
        var silos = new[] { s_first, s_second, s_third }[..served.Length];
        return Pools.Choose(service, isStrict, silos, silo => served[Array.IndexOf(silos, silo)]);
    }

    private static SiloAddress Silo(int number) => SiloAddress.New(System.Net.IPAddress.Loopback, number, 0);
}
