using Lms.Grains.Abstractions;
using Lms.ServiceDefaults;
using Lms.Silo.Cluster;
using Microsoft.Extensions.Configuration;

namespace Lms.Grains.Tests.Cluster;

public sealed class PoolSettingsTests
{
    [Fact]
    public void A_silo_that_is_told_nothing_serves_everything_and_nothing_is_strict()
    {
        var settings = Of();

        Assert.Equal(LibraryServices.Names, settings.Services);
        Assert.Empty(settings.Strict);
    }

    [Fact]
    public void A_silo_serves_what_it_is_told()
    {
        var settings = Of(("Lms:Services", "Books, authors,books"), ("Lms:Pools:LENDINGS:Strict", "True"), ("Lms:Pools:books:Strict", "false"));

        Assert.Equal(["books", "authors"], settings.Services);
        Assert.Equal(["lendings"], settings.Strict);
    }

    [Theory]
    [InlineData("Lms:Services", "books,boks", "'boks'")]
    [InlineData("Lms:Services", "books,", "''")]
    [InlineData("Lms:Pools:boks:Strict", "true", "'boks'")]
    [InlineData("Lms:Pools:books:Strict", "yes", "'yes'")]
    [InlineData("Lms:Pools:books:Strictly", "true", "'Strictly'")]
    [InlineData("Lms:Pools:books", "true", "Strict")]
    public void What_cannot_be_meant_is_refused_by_name(string key, string value, string named)
    {
        var exception = Assert.Throws<WrongSettingException>(() => Of((key, value)));

        Assert.Contains(key.Split(':')[1], exception.Message, StringComparison.Ordinal);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    private static PoolSettings Of(params (string Key, string? Value)[] settings) => PoolSettings.Of(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(one => one.Key, one => one.Value)).Build());
}
