using Lms.Chaos.Cluster;

namespace Lms.Chaos.Load;

/// <summary>What a load is to be.</summary>
public sealed record LoadOptions
{
    /// <summary>Gateways, asked in turn.</summary>
    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>Requests per second.</summary>
    public double Rate { get; init; } = 100;

    /// <summary>How long requests are sent; until <see cref="LoadRun.FinishAsync"/> when null.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How the load goes on, without a gap, when <see cref="Duration"/> is over; not at all when null, or when that is null.</summary>
    public LoadTail? Tail { get; init; }

    /// <summary>Share of requests that change something: titles of books, and what happens at the desk.</summary>
    public double Writes { get; init; } = 0.2;

    /// <summary>Share of <see cref="Writes"/> that lends or returns.</summary>
    public double Desk { get; init; } = 0.5;

    /// <summary>Share of reads that ask for a list.</summary>
    public double Lists { get; init; } = 0.2;

    /// <summary>Share of reads that ask for what is no book: authors, genres, copies, readers if there are any, and now and then a sign-in.</summary>
    public double Others { get; init; }

    /// <summary>Gaps between requests as chance makes them, instead of equal ones.</summary>
    public bool Poisson { get; init; }

    /// <summary>Of all that is chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Books that the load makes for itself: nobody else changes them.</summary>
    public int Books { get; init; } = 200;

    /// <summary>Readers that the load makes for itself: as many lendings may be open.</summary>
    public int Readers { get; init; } = 40;

    /// <summary>A librarian.</summary>
    public string Username { get; init; } = DemoLibrary.Librarian;

    public string Password { get; init; } = DemoLibrary.LibrarianPassword;

    /// <summary>From the intended instant; an answer that takes longer has failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The same of lendings and returns: who stands at the desk waits for longer. <see cref="Timeout"/> when null.</summary>
    public TimeSpan? DeskTimeout { get; init; }

    /// <summary>Requests on their way; more are not sent, and counted as overrun, as are those whose time is over before they are.</summary>
    public int MaxInFlight { get; init; } = 4_000;

    /// <summary>A generator that sends later than this (99 %) has measured itself.</summary>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long what was acknowledged may take to be readable when the load is over.</summary>
    public TimeSpan ReadBackPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A read this long after a write was acknowledged shows the write, unless the answer says that it is degraded.</summary>
    public TimeSpan Freshness { get; init; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>The end of a load, at another rate; it is counted by itself.</summary>
/// <param name="Rate">Requests per second.</param>
/// <param name="Duration">How long requests are sent at that rate.</param>
public sealed record LoadTail(double Rate, TimeSpan Duration);

/// <summary>The load could not be prepared.</summary>
public sealed class LoadException(string message) : Exception(message);
