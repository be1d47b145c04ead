namespace Lms.ReadModel.Infrastructure;

/// <summary>Some of the items, and how many there are on all pages.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, long Total);
