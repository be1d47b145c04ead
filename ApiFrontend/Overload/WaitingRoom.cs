namespace Lms.ApiFrontend.Overload;

/// <summary>Places for requests that are done at once, and a queue of each class before them.</summary>
/// <remarks>
/// While there is a queue, the desk goes first, then single things, lists and reports, and of one class the newest: who has waited
/// longest is nearest to giving up, and to serve it would make the next one wait as long. A queue that is full is no moment in which a
/// silo does not answer: more is asked than can be done, and until nobody has been refused for a while only the desk waits. Waits are
/// told by a clock that stands still while this process does: who waited for it to wake up has not yet had a chance of a place. See
/// Nichols and Jacobson, Controlling Queue Delay (2012), and Maurer, Fail at Scale (2015).
/// </remarks>
internal sealed class WaitingRoom : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>What passes between two looks at most, however late the second is.</summary>
    private static readonly TimeSpan s_longestLook = 2 * s_look;
    private static readonly RequestClass[] s_classes = [.. Enum.GetValues<RequestClass>().Order()];

    private readonly OverloadOptions _options;
    private readonly TimeProvider _clock;
    private readonly AdaptiveLimit _limit;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting>[] _queues = [.. s_classes.Select(_ => new LinkedList<Waiting>())];

    // By when they were taken. Those that were given back meanwhile leave when their time is over.
    private readonly Queue<Place> _places = new();
    private int _taken;
    private bool _isLooking;
    private long _lookedAt;
    private TimeSpan _waitClock;
    private bool _isCrowded;
    private TimeSpan _refusedAt;

    public WaitingRoom(OverloadOptions options, TimeProvider clock)
    {
        (_options, _clock, _limit) = (options, clock, new(options, clock));
        _timer = clock.CreateTimer(_ => Look(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Places that there are.</summary>
    public int Limit => _isCrowded ? _limit.Current : Math.Max(_limit.Current, _options.MinRequests);

    /// <summary>Places that are taken.</summary>
    public int Taken => _taken;

    /// <summary>Requests that wait for a place.</summary>
    public int Queued
    {
        get
        {
            lock (_lock)
            {
                return _queues.Sum(queue => queue.Count);
            }
        }
    }

    /// <summary>True when more is asked than can be done, and only the desk waits.</summary>
    public bool IsCrowded
    {
        get
        {
            lock (_lock)
            {
                return _isCrowded;
            }
        }
    }

    private TimeSpan WaitClock
    {
        get
        {
            var elapsed = _clock.GetElapsedTime(_lookedAt);
            return _waitClock + (elapsed < s_longestLook ? elapsed : s_longestLook);
        }
    }

    /// <summary>A place, once there is one; null when there was none in time, or when the client has gone.</summary>
    public Task<Place?> EnterAsync(RequestClass requested, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (HasRoom(requested))
            {
                return Task.FromResult<Place?>(Take());
            }

            var queue = _queues[(int)requested];
            KeepLooking();
            var isFull = queue.Count >= _options.MaxWaiting;
            _isCrowded |= isFull && requested != RequestClass.Report;
            if (isFull || (_isCrowded && requested != RequestClass.Desk))
            {
                return Task.FromResult(Refuse());
            }

            var node = queue.AddLast(new Waiting(WaitClock));

            // Not by an exception: thousands may give up at once, and each would cost as much as an answer.
            node.Value.Client = cancellationToken.UnsafeRegister(_ => Remove(node), state: null);
            return node.Value.Place;
        }
    }

    /// <summary>After a request.</summary>
    /// <param name="place">That it was given.</param>
    /// <param name="isTimed">False when what it took says nothing about how busy the library is.</param>
    public void Leave(Place place, bool isTimed)
    {
        lock (_lock)
        {
            if (isTimed)
            {
                _limit.Observe(_clock.GetElapsedTime(place.TakenAt), _taken, _isCrowded);
            }

            GiveBack(place);
            Admit();
        }
    }

    public void Dispose() => _timer.Dispose();

    private bool HasRoom(RequestClass requested) => _taken < Limit * requested switch
    {
        RequestClass.Desk => 1,
        RequestClass.Single => _options.SingleShare,
        RequestClass.List => _options.ListShare,
        _ => _options.ReportShare,
    };

    private Place Take()
    {
        KeepLooking();
        var place = new Place(_clock.GetTimestamp());
        _places.Enqueue(place);
        _taken++;
        return place;
    }

    // Only while somebody is there: nothing happens otherwise.
    private void KeepLooking()
    {
        if (!_isLooking)
        {
            (_isLooking, _lookedAt) = (true, _clock.GetTimestamp());
            _timer.Change(s_look, s_look);
        }
    }

    private Place? Refuse()
    {
        _refusedAt = WaitClock;
        return null;
    }

    private void GiveBack(Place place)
    {
        if (!place.IsFree)
        {
            place.IsFree = true;
            _taken--;
        }
    }

    private void Admit()
    {
        foreach (var requested in s_classes)
        {
            var queue = _queues[(int)requested];
            while (queue.Last is { } newest && HasRoom(requested))
            {
                queue.Remove(newest);
                newest.Value.End(Take());
            }
        }
    }

    private void Remove(LinkedListNode<Waiting> node)
    {
        lock (_lock)
        {
            if (node.List is { } queue)
            {
                queue.Remove(node);
                node.Value.End(null);
                Admit();
            }
        }
    }

    /// <summary>Takes places from those who have had them for long enough, and hope from those who have waited for long enough.</summary>
    private void Look()
    {
        lock (_lock)
        {
            (_waitClock, _lookedAt) = (WaitClock, _clock.GetTimestamp());
            while (_places.TryPeek(out var oldest) && (oldest.IsFree || _clock.GetElapsedTime(oldest.TakenAt) >= _options.PlaceTime))
            {
                GiveBack(_places.Dequeue());
            }

            Admit();
            foreach (var requested in s_classes)
            {
                var patience = _isCrowded && requested != RequestClass.Desk ? TimeSpan.Zero : _options.Wait;
                var queue = _queues[(int)requested];
                while (queue.First is { } oldest && _waitClock - oldest.Value.Since >= patience)
                {
                    queue.Remove(oldest);
                    oldest.Value.End(Refuse());
                }
            }

            _isCrowded &= _waitClock - _refusedAt < _options.CalmAfter;
            if (_places.Count == 0 && !_isCrowded && _queues.All(queue => queue.Count == 0))
            {
                _isLooking = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>A place that a request has, or had.</summary>
    internal sealed class Place(long takenAt)
    {
        public long TakenAt { get; } = takenAt;

        public bool IsFree { get; set; }
    }

    private sealed class Waiting(TimeSpan since)
    {
        private readonly TaskCompletionSource<Place?> _place = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>By the clock of waits.</summary>
        public TimeSpan Since { get; } = since;

        public CancellationTokenRegistration Client { get; set; }

        public Task<Place?> Place => _place.Task;

        /// <summary>Once, after it has left its queue.</summary>
        public void End(Place? place)
        {
            Client.Unregister();
            _place.SetResult(place);
        }
    }
}
