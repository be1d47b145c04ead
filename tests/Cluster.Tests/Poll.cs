using System.Diagnostics;

namespace Lms.Cluster.Tests;

internal static class Poll
{
    /// <summary>Waits until something holds, and fails when it takes too long.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what, TimeSpan patience)
    {
        var waited = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(waited.Elapsed < patience, $"After {patience.TotalSeconds:0} s it does not hold that {what}.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
