using Lms.ServiceDefaults;
using Lms.Silo.Cluster;

namespace Lms.Grains.Tests.Cluster;

/// <summary>What the process of a silo refuses before it has one: the silo itself would be tried again for ever.</summary>
public sealed class SiloProcessTests
{
    private static readonly string[] s_servers =
    [
        "--ConnectionStrings:Postgres=Host=database;Username=lms",
        "--ConnectionStrings:RedisMembership=redis:6379",
    ];

    [Theory]
    [InlineData("Lms:Lendings:LendingDays", "0", "LendingDays must be between 1 and 365")]
    [InlineData("Lms:Lendings:LendingDays", "many", "'many' at 'Lms:Lendings:LendingDays'")]
    [InlineData("Lms:Readers:MinimumAge", "151", "MinimumAge must be between 0 and 150")]
    [InlineData("Lms:Readers:MinimumAge", "young", "'young' at 'Lms:Readers:MinimumAge'")]
    [InlineData("Lms:Imports:DefaultGenre", "", "DefaultGenre")]
    [InlineData("Lms:Membership:ProbeTimeout", "soon", "'soon' at 'Lms:Membership:ProbeTimeout'")]
    [InlineData("Lms:Membership:ProbeTimeout", "00:00:00", "Lms:Membership: ProbeTimeout, MinProbeTimeout")]
    [InlineData("Lms:Membership:MaxProbeTimeout", "00:00:00.4", "MaxProbeTimeout must be at least MinProbeTimeout.")]
    [InlineData("Lms:Membership:NumMissedProbesLimit", "0", "NumMissedProbesLimit must be at least 1.")]
    [InlineData("Lms:Membership:NumVotesForDeathDeclaration", "0", "NumVotesForDeathDeclaration must be at least 1")]
    [InlineData("Lms:Membership:NumVotesForDeathDeclaration", "100", "at most NumProbedSilos")]
    [InlineData("Lms:Migrations:Automatic", "yes", "Lms:Migrations:Automatic is neither true nor false: 'yes'.")]
    [InlineData("Lms:Dashboard", "1", "Lms:Dashboard is neither true nor false: '1'.")]
    public async Task What_cannot_be_meant_is_refused_by_name(string key, string value, string sentence)
    {
        var exception = await Assert.ThrowsAsync<WrongSettingException>(() => JudgeAsync($"--{key}={value}"));

        Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Lms:Lendings:LendingDays", "21")]
    [InlineData("Lms:Readers:MinimumAge", "0")]
    [InlineData("Lms:Membership:ProbeTimeout", "00:00:00.7")]
    [InlineData("Lms:Membership:NumVotesForDeathDeclaration", "1")]
    public Task What_can_be_meant_is_not(string key, string value) => JudgeAsync($"--{key}={value}");

    private static async Task JudgeAsync(string setting)
    {
        await using var app = SiloProcess.Create([.. s_servers, setting]);
        WrongSettingException.ThrowIfAny(app.Services);
    }
}
