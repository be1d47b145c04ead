using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Abstractions.Lendings;

/// <summary>A book in a reader's hands, or one that was.</summary>
[GenerateSerializer, Immutable, Alias("lms.lending")]
public sealed record Lending
{
    [Id(0)] public required LendingNumber Number { get; init; }

    [Id(1)] public required Isbn Isbn { get; init; }

    [Id(2)] public required ReaderNumber Reader { get; init; }

    /// <summary>The reader's user: may see and return the lending.</summary>
    [Id(3)] public required UserId ReaderUser { get; init; }

    /// <summary>The title on the day of lending, for when the book cannot be asked.</summary>
    [Id(4)] public required string BookTitle { get; init; }

    /// <summary>Which copy, when the book has copies.</summary>
    [Id(5)] public Barcode? Barcode { get; init; }

    [Id(6)] public required DateOnly StartedOn { get; init; }

    [Id(7)] public required DateOnly DueOn { get; init; }

    [Id(8)] public DateOnly? ReturnedOn { get; init; }

    /// <summary>Frozen when the book was lent.</summary>
    [Id(9)] public required int FinePerDayInCents { get; init; }

    /// <summary>Frozen when the book came back late; null before and otherwise.</summary>
    [Id(10)] public int? FineInCents { get; init; }

    [Id(11)] public string? Commentary { get; init; }

    /// <summary>0 to 10, what the reader thought of the book.</summary>
    [Id(12)] public int? Grade { get; init; }

    /// <summary>The contract's ETag: starts at 0, moved by visible changes only.</summary>
    [Id(13)] public int Version { get; init; }

    /// <summary>Days past the due date, up to the return or to <paramref name="today"/>; 0 when not late.</summary>
    public int DaysOverdue(DateOnly today) => Math.Max(0, (ReturnedOn ?? today).DayNumber - DueOn.DayNumber);

    /// <summary>What is owed in cents; 0 when not late.</summary>
    public int Fine(DateOnly today) => FineInCents ?? (DaysOverdue(today) * FinePerDayInCents);
}
