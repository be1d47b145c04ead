namespace Lms.Chaos.Load;

/// <summary>A book that only this load changes, one change at a time: what it must be is known.</summary>
internal sealed class BookUnderLoad(string isbn, string title, long version)
{
    private readonly Lock _lock = new();
    private (long Version, long At) _last = (version, 0);
    private (long Version, long At) _before = (version, 0);

    public string Isbn { get; } = isbn;

    /// <summary>The last that was acknowledged.</summary>
    public string Title { get; private set; } = title;

    public long Version => _last.Version;

    /// <summary>Titles of a write whose outcome nobody knows: the book may have it.</summary>
    public string? Unknown { get; set; }

    /// <summary>A write was refused that could not be: nobody knows what the book must be.</summary>
    public bool IsSpoiled { get; set; }

    /// <summary>True when the version went forward.</summary>
    public bool Acknowledge(string title, long version, long now)
    {
        lock (_lock)
        {
            var isForward = version > _last.Version;
            (Title, Unknown, _before, _last) = (title, null, _last, (version, now));
            return isForward;
        }
    }

    /// <summary>The version that a read sent now must at least show.</summary>
    /// <param name="settled">Acknowledgements before this instant count.</param>
    public long? Floor(long settled)
    {
        lock (_lock)
        {
            return _last.At <= settled ? _last.Version : _before.At <= settled ? _before.Version : null;
        }
    }
}

/// <summary>A lending that this load made.</summary>
internal sealed class LendingUnderLoad(string number, string isbn, string reader)
{
    public string Number { get; } = number;

    public string Isbn { get; } = isbn;

    public string Reader { get; } = reader;

    public bool IsReturned { get; set; }

    /// <summary>A return was sent whose outcome nobody knows.</summary>
    public bool MayBeReturned { get; set; }
}
