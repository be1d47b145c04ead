namespace Lms.Tests.Shared;

/// <summary>
/// Lists and reports may follow a write by a moment: ask again until they do, then let the test judge.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task<Answer> HoldsAsync(Func<Task<Answer>> ask, Func<Answer, bool> holds) =>
        HoldsAsync(ask, holds, Patience);

    public static async Task<Answer> HoldsAsync(Func<Task<Answer>> ask, Func<Answer, bool> holds, TimeSpan patience)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (holds(answer) || TimeProvider.System.GetElapsedTime(since) > patience)
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
