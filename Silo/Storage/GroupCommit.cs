using System.Collections.Concurrent;
using Lms.Grains.Infrastructure;
using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace Lms.Silo.Storage;

/// <summary>Storage on SQLite through one writer that commits whatever has queued up in one transaction.</summary>
/// <remarks>
/// SQLite has one writer at a time, its driver blocks the thread, and every commit waits for the disk. So writes of all
/// grains queue for a thread of its own, which pays for the disk once per group. Each write still succeeds or conflicts by
/// itself; none is answered before the disk has it.
/// </remarks>
internal sealed class GroupCommit : IGrainStorage, IDisposable
{
    private const int MaxGroup = 200;

    [ThreadStatic]
    private static SqliteConnection? t_current;

    [ThreadStatic]
    private static SqliteTransaction? t_transaction;

    private readonly IGrainStorage _inner;
    private readonly SqliteStates _states;
    private readonly BlockingCollection<Write> _queue = new(boundedCapacity: 10_000);
    private readonly Thread _writer;

    public GroupCommit(IGrainStorage inner, SqliteStates states)
    {
        (_inner, _states) = (inner, states);
        _writer = new Thread(WriteGroups) { IsBackground = true, Name = "group commit" };
        _writer.Start();
    }

    /// <summary>The connection of the group that this thread commits; null on every other thread.</summary>
    public static SqliteConnection? Current => t_current;

    /// <inheritdoc cref="Current"/>
    public static SqliteTransaction? CurrentTransaction => t_transaction;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            await _inner.ReadStateAsync(stateName, grainId, grainState);
        }
        catch (Exception exception) when (StorageFaults.Of(exception) is { } fault)
        {
            throw fault;
        }
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        EnqueueAsync(() => _inner.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        EnqueueAsync(() => _inner.ClearStateAsync(stateName, grainId, grainState));

    public void Dispose()
    {
        if (!_queue.IsAddingCompleted)
        {
            _queue.CompleteAdding();
            _writer.Join();
        }
    }

    private Task EnqueueAsync(Func<Task> write)
    {
        var queued = new Write(write);
        _queue.Add(queued);
        return queued.Done.Task;
    }

    private void WriteGroups()
    {
        using var connection = _states.Open();
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            var group = new List<Write> { first };
            while (group.Count < MaxGroup && _queue.TryTake(out var next))
            {
                group.Add(next);
            }

            Commit(connection, group);
        }
    }

    private static void Commit(SqliteConnection connection, List<Write> group)
    {
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            (t_current, t_transaction) = (connection, transaction);
            foreach (var write in group)
            {
                write.Run();
            }

            transaction.Commit();
        }
        catch (Exception exception)
        {
            // Nobody knows what the disk has: every writer must read again.
            var fault = StorageFaults.Of(exception) ?? exception;
            group.ForEach(write => write.Done.TrySetException(fault));
            return;
        }
        finally
        {
            (t_current, t_transaction) = (null, null);
        }

        group.ForEach(write => write.Complete());
    }

    private sealed class Write(Func<Task> write)
    {
        private Exception? _failure;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // SQLite's asynchronous methods are synchronous, so the task is complete when it is returned. Were it not, the
        // statement would run outside the transaction, so that is a defect and fails the group.
        public void Run()
        {
            var task = write();
            if (!task.IsCompleted)
            {
                throw new InvalidOperationException("A write left the thread of its transaction.");
            }

            _failure = task.Exception?.InnerException;
        }

        public void Complete()
        {
            if (_failure is null)
            {
                Done.TrySetResult();
            }
            else
            {
                Done.TrySetException(StorageFaults.Of(_failure) ?? _failure);
            }
        }
    }
}
