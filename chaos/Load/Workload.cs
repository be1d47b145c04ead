using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Lms.Chaos.Load;

/// <summary>
/// What is asked next, and what must be true because of what was answered. Every book and every reader has at most one
/// write under way; a write of unknown outcome is sent again, with its key, until there is one.
/// </summary>
internal sealed class Workload(
    LoadOptions options, string run, string author, IReadOnlyList<BookUnderLoad> books, IReadOnlyList<string> readers)
{
    /// <summary>One of so many that ask for what is no book: to check a password takes longer than all others together.</summary>
    private const int SignIns = 50;

    private readonly Random _random = new(options.Seed);
    private readonly ConcurrentQueue<BookUnderLoad> _freeBooks = new(books);
    private readonly ConcurrentQueue<string> _freeReaders = new(readers);
    private readonly ConcurrentQueue<LendingUnderLoad> _open = new();
    private readonly ConcurrentQueue<(Call Call, long NotBefore)> _unknown = new();
    private readonly ConcurrentDictionary<string, LendingUnderLoad> _lendings = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentQueue<string> _staleReads = new();
    private int _titles;
    private int _acknowledged;
    private int _repeated;

    public IReadOnlyList<BookUnderLoad> Books => books;

    public IReadOnlyCollection<LendingUnderLoad> Lendings => [.. _lendings.Values];

    /// <summary>What may never be.</summary>
    public IReadOnlyList<string> Wrong => [.. _wrong];

    public IReadOnlyList<string> StaleReads => [.. _staleReads];

    public int Acknowledged => _acknowledged;

    public int Repeated => _repeated;

    /// <summary>Asked by one thread only.</summary>
    public Call Next()
    {
        if (_random.NextDouble() >= options.Writes)
        {
            return options.Others > 0 && _random.NextDouble() < options.Others ? Other()
                : _random.NextDouble() < options.Lists ? Search()
                : Read(books[_random.Next(books.Count)]);
        }

        if (Repeat() is { } repeated)
        {
            return repeated;
        }

        var call = _random.NextDouble() < options.Desk ? Desk() ?? Patch() : Patch() ?? Desk();
        return call ?? Read(books[_random.Next(books.Count)]);
    }

    /// <summary>Writes whose outcome is still unknown.</summary>
    public IReadOnlyList<Call> TakeUnknown()
    {
        var calls = new List<Call>();
        while (_unknown.TryDequeue(out var unknown))
        {
            calls.Add(unknown.Call);
        }

        return calls;
    }

    private Call? Repeat()
    {
        if (!_unknown.TryPeek(out var first) || first.NotBefore > Stopwatch.GetTimestamp() || !_unknown.TryDequeue(out first))
        {
            return null;
        }

        Interlocked.Increment(ref _repeated);
        return first.Call with { IsRepeat = true };
    }

    private Call? Desk()
    {
        var canReturn = _open.TryPeek(out _);
        var canLend = !_freeReaders.IsEmpty;
        return canReturn && (!canLend || _random.Next(2) == 0) ? Return() : canLend ? Lend() : null;
    }

    private Call Search() => new("list", HttpMethod.Post, "/api/books/search")
    {
        Body = new { page = new { number = 1 + _random.Next(3), limit = 10 }, query = new { title = $"Load {run}" } },
    };

    private Call Other()
    {
        if (_random.Next(SignIns) == 0)
        {
            return new("sign-in", HttpMethod.Post, "/api/public/login") { Body = new { username = options.Username, password = options.Password } };
        }

        return _random.Next(readers.Count > 0 ? 4 : 3) switch
        {
            0 => new("author", HttpMethod.Get, $"/api/authors/{author}"),
            1 => new("genres", HttpMethod.Get, "/api/genres"),
            2 => new("copies", HttpMethod.Get, $"/api/books/{books[_random.Next(books.Count)].Isbn}/copies"),
            _ => new("reader", HttpMethod.Get, $"/api/readers/{readers[_random.Next(readers.Count)]}"),
        };
    }

    private Call Read(BookUnderLoad book)
    {
        var floor = book.Floor(Stopwatch.GetTimestamp() - (long)(options.Freshness.TotalSeconds * Stopwatch.Frequency));
        return new("book", HttpMethod.Get, $"/api/books/{book.Isbn}")
        {
            Settle = answer =>
            {
                if (answer is { IsSuccess: true, IsDegraded: false } && floor is not null && !(answer.Version >= floor))
                {
                    _staleReads.Enqueue($"book {book.Isbn}: version {answer.Version}, although {floor} was acknowledged");
                }
            },
        };
    }

    private Call? Patch()
    {
        if (!_freeBooks.TryDequeue(out var book))
        {
            return null;
        }

        var title = $"Load {run} title {++_titles}";
        Call call = null!;
        return call = new("patch", HttpMethod.Patch, $"/api/books/{book.Isbn}")
        {
            Body = new { title },
            IfMatch = book.Version,
            Key = NewKey(),
            Settle = answer =>
            {
                if (answer.IsUnknown)
                {
                    book.Unknown = title;
                    Postpone(call);
                    return;
                }

                if (answer is { IsSuccess: true, Version: { } version })
                {
                    Interlocked.Increment(ref _acknowledged);
                    if (!book.Acknowledge(title, version, Stopwatch.GetTimestamp()))
                    {
                        _wrong.Enqueue($"book {book.Isbn}: a change of version {call.IfMatch} was acknowledged as version {version}");
                    }

                    _freeBooks.Enqueue(book);
                    return;
                }

                book.IsSpoiled = true;
            },
        };
    }

    private Call? Lend()
    {
        if (!_freeReaders.TryDequeue(out var reader))
        {
            return null;
        }

        var isbn = books[_random.Next(books.Count)].Isbn;
        Call call = null!;
        return call = new(Call.Lend, HttpMethod.Post, "/api/lendings")
        {
            Body = new { isbn, readerNumber = reader },
            Key = NewKey(),
            Settle = answer =>
            {
                if (answer.IsUnknown)
                {
                    Postpone(call);
                }
                else if (answer.Status == HttpStatusCode.Created)
                {
                    Interlocked.Increment(ref _acknowledged);
                    var lending = new LendingUnderLoad(TextOf(answer.Body, "lendingNumber"), isbn, reader);
                    if (!_lendings.TryAdd(lending.Number, lending))
                    {
                        _wrong.Enqueue($"lending {lending.Number} was acknowledged twice");
                    }

                    _open.Enqueue(lending);
                }
            },
        };
    }

    private Call? Return()
    {
        if (!_open.TryDequeue(out var lending))
        {
            return null;
        }

        Call call = null!;
        return call = new(Call.Return, HttpMethod.Post, "/api/returns")
        {
            Body = new { lendingNumber = lending.Number },
            Key = NewKey(),
            Settle = answer =>
            {
                if (answer.IsUnknown)
                {
                    lending.MayBeReturned = true;
                    Postpone(call);
                }
                else if (answer.IsSuccess)
                {
                    Interlocked.Increment(ref _acknowledged);
                    lending.IsReturned = true;
                    _freeReaders.Enqueue(lending.Reader);
                }
            },
        };
    }

    // Not at once: what has just failed would fail again.
    private void Postpone(Call call) => _unknown.Enqueue((call, Stopwatch.GetTimestamp() + Stopwatch.Frequency));

    private static string NewKey() => Guid.NewGuid().ToString("N");

    private static string TextOf(string json, string property)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(property).GetString()!;
    }
}
