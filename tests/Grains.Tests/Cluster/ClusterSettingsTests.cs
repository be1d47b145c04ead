using System.Net;
using Lms.ServiceDefaults;
using Lms.Silo.Cluster;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Lms.Grains.Tests.Cluster;

public sealed class ClusterSettingsTests
{
    private static readonly (string Key, string? Value)[] s_servers =
    [
        ("ConnectionStrings:Postgres", "Host=database;Username=lms"),
        ("ConnectionStrings:RedisMembership", "redis:6379"),
    ];

    [Fact]
    public void A_pod_says_who_it_is_and_where()
    {
        var settings = Of([.. s_servers, ("POD_NAME", "silo-3"), ("POD_IP", "10.1.2.3"), ("Lms:SiloPort", "12000")]);

        Assert.Equal(("silo-3", IPAddress.Parse("10.1.2.3"), 12_000, 30_000), (settings.Name, settings.Address, settings.SiloPort, settings.GatewayPort));
        Assert.False(settings.MigratesByItself);
    }

    [Fact]
    public void Without_servers_nobody_means_a_cluster_and_with_one_of_them_somebody_does()
    {
        Assert.False(ClusterSettings.AreIn(Configuration()));
        Assert.All(s_servers, server => Assert.True(ClusterSettings.AreIn(Configuration(server))));
    }

    [Fact]
    public async Task A_database_may_have_several_hosts_of_which_one_is_meant()
    {
        const string Postgres = "Host=a:5432,b:5433;Target Session Attributes=primary;Database=lms";
        var settings = Of([("ConnectionStrings:Postgres", Postgres), s_servers[1], ("ConnectionStrings:PostgresReplica", "Host=b")]);

        await using var source = PostgresSource.Of(settings.Postgres);

        Assert.Equal((Postgres, "Host=b"), (settings.Postgres, settings.PostgresReplica));
        Assert.Equal("a:5432,b:5433", new NpgsqlConnectionStringBuilder(source.ConnectionString).Host);
    }

    [Theory]
    [InlineData("ConnectionStrings:Postgres", "")]
    [InlineData("ConnectionStrings:Postgres", "Username=lms")]
    [InlineData("ConnectionStrings:Postgres", "Host=database;Colour=red")]
    [InlineData("ConnectionStrings:Postgres", "Host=a,b")]
    [InlineData("ConnectionStrings:Postgres", "Host=a:5432,b:5433;Target Session Attributes=first")]
    [InlineData("ConnectionStrings:PostgresReplica", "Username=lms")]
    [InlineData("ConnectionStrings:PostgresReplica", "Host=a,b")]
    [InlineData("ConnectionStrings:RedisMembership", "")]
    [InlineData("ConnectionStrings:RedisMembership", "redis:6379,colour=red")]
    [InlineData("Lms:SiloPort", "silo")]
    [InlineData("Lms:SiloPort", "64000")]
    [InlineData("Lms:GatewayPort", "0")]
    [InlineData("Lms:InternalUrls", "8081")]
    [InlineData("Lms:InternalUrls", "http://localhost:8081;ftp://localhost")]
    [InlineData("Lms:TimeZone", "Europe/Lisboa")]
    [InlineData("Lms:Migrations:Automatic", "yes")]
    [InlineData("Lms:Dashboard", "1")]
    [InlineData("POD_IP", "here")]
    public void What_cannot_be_meant_is_refused_by_name(string key, string value)
    {
        var exception = Assert.Throws<WrongSettingException>(() => Of([.. s_servers.Where(server => server.Key != key), (key, value)]));

        Assert.Contains(key, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("True", true)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_switch_is_off_unless_it_is_set(string? value, bool isOn)
    {
        var settings = Of([.. s_servers, ("Lms:Migrations:Automatic", value), ("Lms:Dashboard", value)]);

        Assert.Equal((isOn, isOn), (settings.MigratesByItself, settings.HasDashboard));
    }

    private static ClusterSettings Of(params (string Key, string? Value)[] settings) => ClusterSettings.Of(Configuration(settings));

    private static IConfiguration Configuration(params (string Key, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build();
}
