namespace Lms.ReadModel.Infrastructure;

/// <summary>How a process makes its queries: how long they may take, and whom it asks when the primary does not answer.</summary>
public interface IQueryPath
{
    /// <summary>Makes one query. Whoever has begun to read rows is not followed by another one, who would read them again.</summary>
    /// <param name="primary">Asks the primary.</param>
    /// <param name="replica">Asks the replica; null where there is none.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task ReadAsync(
        Func<CancellationToken, Task> primary, Func<CancellationToken, Task>? replica, CancellationToken cancellationToken);
}
