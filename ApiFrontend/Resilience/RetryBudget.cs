namespace Lms.ApiFrontend.Resilience;

/// <summary>
/// What may be spent on repeating calls that may have been executed: a share of all calls, saved up to a limit. A service in
/// trouble gets little more work than it would have without anybody's retries.
/// </summary>
internal sealed class RetryBudget(double share, int burst)
{
    private readonly Lock _lock = new();
    private double _saved = burst;

    /// <summary>For each call that is not a retry.</summary>
    public void Deposit()
    {
        lock (_lock)
        {
            _saved = Math.Min(burst, _saved + share);
        }
    }

    public bool TryTake()
    {
        lock (_lock)
        {
            if (_saved < 1)
            {
                return false;
            }

            _saved--;
            return true;
        }
    }
}
