using System.Diagnostics;
using Lms.ReadModel.Books;
using Lms.ReadModel.Infrastructure;
using Microsoft.Data.Sqlite;

namespace Lms.Bench;

/// <summary>Full-text search with its facets, against the bare index asked for the same words.</summary>
internal static class SearchBench
{
    // What people ask: rare and common words, names, phrases, beginnings, numbers, and filters.
    private static readonly (string Kind, string Query, BookFilter Filter)[] s_searches =
    [
        ("one rare word", "crinoline", new()),
        ("two words", "history portugal", new()),
        ("author and title", "dickens christmas", new()),
        ("a word of many books", "fiction", new()),
        ("the most common word", "the", new()),
        ("two common words", "the of", new()),
        ("phrase", "\"short stories\"", new()),
        ("prefix", "adventur*", new()),
        ("short prefix", "a*", new()),
        ("common word, filtered", "the", new() { Language = "fre" }),
        ("no words, filtered", "", new() { Language = "por" }),
        ("no words at all", "", new()),
    ];

    public static async Task<int> RunAsync(string directory, int rounds)
    {
        var path = Path.Combine(directory, "read-model.db");
        await using var database = ReadModelDatabase.Sqlite($"Data Source={path}");
        var queries = new FullTextQueries(database);
        await using var bare = new SqliteConnection($"Data Source={path};Mode=ReadOnly");
        await bare.OpenAsync();
        await using var count = bare.CreateCommand();
        count.CommandText = "SELECT COUNT(*) FROM books WHERE is_hidden = 0";
        Console.WriteLine($"{await count.ExecuteScalarAsync()} books, {rounds} rounds; milliseconds");
        Console.WriteLine($"{"search",-26}{"matches",9}{"p50",9}{"p99",9}{"bare p50",10}{"ratio",8}");
        var all = new List<double>();
        foreach (var (kind, text, filter) in s_searches)
        {
            var query = SearchQuery.Parse(text);
            var (searched, raw) = (new List<double>(rounds), new List<double>(rounds));
            long total = 0;
            for (var round = 0; round < rounds; round++)
            {
                var started = Stopwatch.GetTimestamp();
                total = (await queries.FindAsync(query, filter, offset: 0, limit: 20, CancellationToken.None)).Total;
                searched.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                if (query.Terms.Count > 0)
                {
                    raw.Add(await BareAsync(bare, query));
                }
            }

            all.AddRange(searched);
            var (half, bareHalf) = (Percentile(searched, 0.5), raw.Count == 0 ? double.NaN : Percentile(raw, 0.5));
            Console.WriteLine(
                $"{kind,-26}{total,9}{half,9:F1}{Percentile(searched, 0.99),9:F1}{bareHalf,10:F1}{half / bareHalf,8:F1}");
        }

        Console.WriteLine($"all kinds alike: p50 {Percentile(all, 0.5):F1}, p99 {Percentile(all, 0.99):F1}");
        return 0;
    }

    // The twenty best by rank, without names, totals and facets.
    private static async Task<double> BareAsync(SqliteConnection connection, SearchQuery query)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT rowid FROM book_index WHERE book_index MATCH @match ORDER BY rank LIMIT 20";
        command.Parameters.AddWithValue("@match", BareMatch(query));
        var started = Stopwatch.GetTimestamp();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            _ = reader.GetInt64(0);
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static string BareMatch(SearchQuery query) => string.Join(
        " AND ", query.Terms.Select(term => $"\"{string.Join(' ', term.Words)}\"{(term.IsPrefix ? " *" : "")}"));

    private static double Percentile(List<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
    }
}
