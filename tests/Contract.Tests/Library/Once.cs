using System.Diagnostics.CodeAnalysis;

namespace Lms.Contract.Tests;

/// <summary>Made when first needed, shared afterwards, tried again after a failure.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing.")]
internal sealed class Once<T>(Func<Task<T>> make)
    where T : class
{
    private readonly SemaphoreSlim turn = new(1);
    private T? made;

    public async Task<T> GetAsync()
    {
        if (Volatile.Read(ref made) is { } there)
        {
            return there;
        }

        await turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return made ??= await make();
        }
        finally
        {
            turn.Release();
        }
    }
}

/// <summary>
/// Lists and reports may follow a write by a moment: ask again until they do, then let the test judge.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

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
