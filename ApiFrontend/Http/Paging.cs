using System.Text.Json.Serialization;

namespace Lms.ApiFrontend.Http;

/// <summary>Collections of the existing clients.</summary>
internal sealed record Wrapped<T>(IReadOnlyList<T> Items);

/// <summary>One page of a list of new operations.</summary>
/// <param name="Items">At most <paramref name="Limit"/>.</param>
/// <param name="Page">From 1.</param>
/// <param name="Limit">1 to 100.</param>
/// <param name="Total">On all pages.</param>
internal sealed record Paged<T>(IReadOnlyList<T> Items, int Page, int Limit, long Total);

/// <summary>The page of a search body: <c>{number, limit}</c>.</summary>
/// <param name="Number">From 1, which is the default.</param>
/// <param name="Limit">1 to 100; 10 unless given.</param>
internal sealed record PageRequest(int? Number, int? Limit)
{
    public const int MaxLimit = 100;

    public static PageRequest First { get; } = new(null, null);

    [JsonIgnore]
    public bool IsValid => Size is >= 1 and <= MaxLimit && (Number ?? 1) is >= 1 and <= 10_000_000;

    [JsonIgnore]
    public int Size => Limit ?? 10;

    [JsonIgnore]
    public int Offset => ((Number ?? 1) - 1) * Size;
}

/// <summary>The page of a list of new operations: <c>?page=1&amp;limit=20</c>.</summary>
internal static class PageQuery
{
    public const int DefaultLimit = 20;

    /// <summary>Null when the page is out of range.</summary>
    public static (int Number, int Limit, int Offset)? Of(int? page, int? limit) =>
        (page ?? 1, limit ?? DefaultLimit) is var (number, size) and ( >= 1 and <= 10_000_000, >= 1 and <= PageRequest.MaxLimit)
            ? (number, size, (number - 1) * size)
            : null;
}
