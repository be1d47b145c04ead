using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Lendings;

public sealed record CopyRow : Projection
{
    public override string State => "copy";

    public required string Barcode { get; init; }

    public required string Isbn { get; init; }

    public string? Branch { get; init; }

    public string? ShelfMark { get; init; }

    public required bool Withdrawn { get; init; }

    /// <summary>The number of the lending that has the copy.</summary>
    public string? Lending { get; init; }

    /// <summary>The number of the reader whose lending has the copy.</summary>
    public string? Reader { get; init; }

    public required int Version { get; init; }
}
