using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Lms.ReadModel.Books;

/// <summary>How often each value occurs in the matches it is shown.</summary>
internal sealed class FacetCounts
{
    private const int Shown = 20;

    private readonly Dictionary<string, long> genres = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> languages = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> years = [];
    private readonly Dictionary<long, long> authors = [];

    public IReadOnlyList<FacetCount<string>> Genres => Top(genres, StringComparer.Ordinal);

    public IReadOnlyList<FacetCount<string>> Languages => Top(languages, StringComparer.Ordinal);

    public IReadOnlyList<FacetCount<int>> Years => Top(years, Comparer<int>.Default);

    public IReadOnlyList<FacetCount<long>> Authors => Top(authors, Comparer<long>.Default);

    public void Add(DbDataReader row)
    {
        Count(genres, row.GetString(3));
        if (!row.IsDBNull(4))
        {
            Count(languages, row.GetString(4));
        }

        if (!row.IsDBNull(5))
        {
            Count(years, row.GetInt32(5));
        }

        var numbers = row.GetString(6).AsSpan();
        foreach (var range in numbers.Split(' '))
        {
            if (long.TryParse(numbers[range], NumberStyles.None, CultureInfo.InvariantCulture, out var author))
            {
                Count(authors, author);
            }
        }
    }

    private static void Count<T>(Dictionary<T, long> counts, T value) where T : notnull =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, value, out _)++;

    private static List<FacetCount<T>> Top<T>(Dictionary<T, long> counts, IComparer<T> order) where T : notnull =>
    [
        .. counts.OrderByDescending(counted => counted.Value).ThenBy(counted => counted.Key, order)
            .Take(Shown)
            .Select(counted => new FacetCount<T>(counted.Key, counted.Value)),
    ];
}
