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
