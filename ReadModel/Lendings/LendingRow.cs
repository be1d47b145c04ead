using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Lendings;

public sealed record LendingRow : Projection
{
    public override string State => "lending";

    /// <summary>Year and sequence as one text, such as "2024/13".</summary>
    public required string Number { get; init; }

    public required int Year { get; init; }

    public required int Sequence { get; init; }

    public required string Isbn { get; init; }

    /// <summary>The title when the book was lent, shown while the book itself is missing.</summary>
    public required string BookTitle { get; init; }

    /// <summary>The number of the reader, such as "2024/1".</summary>
    public required string Reader { get; init; }

    /// <summary>One of <see cref="LendingStatus"/>.</summary>
    public required string Status { get; init; }

    public required DateOnly StartedOn { get; init; }

    public required DateOnly DueOn { get; init; }

    public DateOnly? ReturnedOn { get; init; }

    public required int FinePerDayInCents { get; init; }

    public int? FineInCents { get; init; }

    public string? Barcode { get; init; }

    public required int Version { get; init; }

    /// <summary>The id of the operation that made the lending.</summary>
    public required string Operation { get; init; }
}

/// <summary>How a lending is stored to stand.</summary>
public static class LendingStatus
{
    public const string Active = "active";
    public const string Returned = "returned";

    /// <summary>The lending never came to be: no list or report shows it.</summary>
    public const string Void = "void";
}
