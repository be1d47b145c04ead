namespace Lms.Grains.Infrastructure;

/// <summary>The one place of a cluster that sweeps.</summary>
[Alias("lms.sweeper-grain")]
internal interface ISweeperGrain : IGrainWithStringKey
{
    /// <summary>Sweeps soon and every minute from then on. Answers at once; being asked often makes it no more work.</summary>
    /// <param name="everything">Compare all rows of the read model too: some may have been missed.</param>
    /// <param name="cancellationToken">For the question only.</param>
    [Alias("sweep-soon")]
    Task SweepSoonAsync(bool everything, CancellationToken cancellationToken = default);
}

/// <remarks>
/// A reminder brings it back whatever was lost. Two of them may sweep for a moment, when a silo does not know yet that it was
/// voted out: everything a sweep does may be done twice.
/// </remarks>
[GrainType("sweeper")]
internal sealed class SweeperGrain(Sweeper sweeper) : Grain, ISweeperGrain, IRemindable, IDisposable
{
    public const string Key = "sweeper:library";

    /// <summary>The shortest that reminders may be.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private const string Reminder = "sweep";

    private readonly CancellationTokenSource _stopping = new();
    private IGrainReminder? _reminder;
    private Task _running = Task.CompletedTask;
    private bool _isAsked;

    public async Task SweepSoonAsync(bool everything, CancellationToken cancellationToken = default)
    {
        if (everything)
        {
            sweeper.ExpectMissed();
        }

        Sweep();
        _reminder ??= await this.RegisterOrUpdateReminder(Reminder, Interval, Interval, cancellationToken);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Sweep();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public void Dispose() => _stopping.Dispose();

    // Not awaited by any call: a sweep may take minutes, and a grain that is busy cannot even be asked.
    private void Sweep()
    {
        _isAsked = true;
        if (_running.IsCompleted)
        {
            _running = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        while (_isAsked && !_stopping.IsCancellationRequested)
        {
            _isAsked = false;
            await sweeper.SweepDueAsync(_stopping.Token);
        }
    }
}
