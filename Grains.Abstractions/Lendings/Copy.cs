using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Readers;

namespace Lms.Grains.Abstractions.Lendings;

/// <summary>One physical item of a book.</summary>
[GenerateSerializer, Immutable, Alias("lms.copy")]
public sealed record Copy
{
    [Id(0)] public required Barcode Barcode { get; init; }

    [Id(1)] public required Isbn Isbn { get; init; }

    [Id(2)] public string? Branch { get; init; }

    [Id(3)] public string? ShelfMark { get; init; }

    /// <summary>The lending that has the copy; null when it stands on the shelf.</summary>
    [Id(4)] public LendingNumber? Lending { get; init; }

    /// <summary>The reader of <see cref="Lending"/>.</summary>
    [Id(5)] public ReaderNumber? Reader { get; init; }

    /// <summary>Taken out of the collection for good.</summary>
    [Id(6)] public bool IsWithdrawn { get; init; }

    /// <summary>The ETag: starts at 0, moved by visible changes only.</summary>
    [Id(7)] public int Version { get; init; }
}
