using System.Data.Common;
using System.Globalization;

namespace Lms.ReadModel.Books;

internal sealed record Match(long IsbnNumber, double Score, string Title)
{
    public string Isbn => IsbnNumber.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// Counts the matches it is shown and keeps the best of them. Titles of the others are not even read: there may be
/// tens of thousands.
/// </summary>
internal sealed class BestMatches(int capacity)
{
    private static readonly Comparer<Match> BestFirst = Comparer<Match>.Create((one, other) =>
        other.Score.CompareTo(one.Score) is not 0 and var byScore ? byScore
        : string.CompareOrdinal(one.Title, other.Title) is not 0 and var byTitle ? byTitle
        : one.IsbnNumber.CompareTo(other.IsbnNumber));

    private readonly PriorityQueue<Match, Match> worstFirst =
        new(Comparer<Match>.Create((one, other) => BestFirst.Compare(other, one)));

    public long Total { get; private set; }

    public void Add(DbDataReader row)
    {
        Total++;
        var score = row.GetDouble(1);
        if (worstFirst.Count < capacity)
        {
            var match = new Match(row.GetInt64(0), score, row.GetString(2));
            worstFirst.Enqueue(match, match);
        }
        else if (score >= worstFirst.Peek().Score)
        {
            var match = new Match(row.GetInt64(0), score, row.GetString(2));
            worstFirst.EnqueueDequeue(match, match);
        }
    }

    public IEnumerable<Match> InOrder() => worstFirst.UnorderedItems.Select(item => item.Element).Order(BestFirst);
}
