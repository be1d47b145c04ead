using System.Globalization;

namespace Lms.Process.Tests.Kills;

/// <summary>
/// What was acknowledged survives <c>kill -9</c>. Set <c>LMS_TEST_SEED</c> to repeat a campaign's choices; what the
/// operating system does between them differs every time.
/// </summary>
[Collection(Alone.Name)]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 30;
    private const int MinimumPerSecond = 50;
    private const int MinimumCompared = 1_000;
    private const int MinimumKillsInLending = 5;

    private static int Seed => Environment.GetEnvironmentVariable("LMS_TEST_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : 20_240_229;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_happens_twice()
    {
        using var home = new TempDirectory();
        using var campaign = new Campaign(Seed, Path.Combine(home.Path, "library"));
        try
        {
            await campaign.StartAsync();
            await campaign.FurnishAsync();
            while (campaign.Kills < Kills)
            {
                await campaign.WriteAndKillAsync();
                await campaign.StartAsync();
                await campaign.CompareLastAsync();
            }

            await campaign.LearnAsync();
            var writes = campaign.Ledger.Acknowledged.Where(answer => !answer.IsRefusal).ToList();
            await campaign.CompareAsync(writes);
            await campaign.RepeatAsync(campaign.Ledger.Acknowledged.TakeLast(200));
            await campaign.AgreesAsync();

            Assert.True(writes.Count >= MinimumCompared, $"Only {writes.Count} writes to compare.");
            Assert.All(Enum.GetValues<Kind>(), kind => Assert.Contains(writes, answer => answer.Write.Kind == kind));
            Assert.True(
                campaign.KillsInLending >= MinimumKillsInLending, $"Only {campaign.KillsInLending} kills hit a lending.");
            var perSecond = campaign.Ledger.Sent / campaign.Loaded.TotalSeconds;
            Assert.True(perSecond >= MinimumPerSecond, $"Only {perSecond:0} writes a second.");
        }
        finally
        {
            Report(campaign);
            await campaign.StopAsync();
        }
    }

    private void Report(Campaign campaign)
    {
        var ledger = campaign.Ledger;
        var done = ledger.Acknowledged.Where(answer => !answer.IsRefusal).ToList();
        var kinds = string.Join(", ", done.CountBy(answer => answer.Write.Kind).Select(kind => $"{kind.Key} {kind.Value}"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Seed {Seed} (LMS_TEST_SEED): {campaign.Kills} kills.
            Hit by them: a lending {campaign.KillsInLending} times, a return {campaign.KillsInReturn} times.
            Sent: {ledger.Sent} writes in {campaign.Loaded.TotalSeconds:0.0} s, {ledger.Sent / campaign.Loaded.TotalSeconds:0} a second.
            Acknowledged: {done.Count} ({kinds}). Refused: {ledger.Answers - done.Count}.
            Answered only after a repeat: {ledger.Repeated}. Answered with 503: {ledger.Unavailable}.
            Compared right after a kill: {campaign.Compared}.
            """));
    }
}
