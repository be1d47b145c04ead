using Lms.Grains.Abstractions.Books;

namespace Lms.Catalogue;

/// <summary>One record of a catalogue file: a book, or why it is none.</summary>
public sealed record CatalogueReading
{
    /// <summary>From 1, in the order of the file.</summary>
    public required int Number { get; init; }

    /// <summary>The byte of the unzipped file where the record begins, from 0.</summary>
    public required long Offset { get; init; }

    public CatalogueBook? Book { get; init; }

    /// <summary>The record is sound and no book.</summary>
    public CatalogueProblem? Skipped { get; init; }

    /// <summary>The record cannot be read, or lacks what a book needs.</summary>
    public CatalogueProblem? Failure { get; init; }

    /// <summary>What was mended on the way.</summary>
    public IReadOnlyList<CatalogueProblem> Warnings { get; init; } = [];
}

/// <param name="Code">Stable and machine readable.</param>
/// <param name="Detail">For people; may change.</param>
public sealed record CatalogueProblem(string Code, string Detail);

/// <summary>What a record says of a book, in the library's terms.</summary>
public sealed record CatalogueBook
{
    /// <summary>The first valid ISBN; null when there is none and the book needs a local number.</summary>
    public Isbn? Isbn { get; init; }

    /// <summary>As the record spells it, without hyphens.</summary>
    public string? IsbnAsGiven { get; init; }

    /// <summary>The local number that another library of this kind gave the book.</summary>
    public Isbn? LocalNumber { get; init; }

    /// <summary>What stands for a book without ISBN: the same text for the same record, whenever it comes.</summary>
    public required string LocalKey { get; init; }

    /// <summary>At most <see cref="Titles.MaxLength"/> characters.</summary>
    public required string Title { get; init; }

    /// <summary>Names in reading order, such as "Michael Chabon"; empty when the record names nobody.</summary>
    public required string[] Authors { get; init; }

    /// <summary>Null when nothing in the record tells.</summary>
    public string? Genre { get; init; }

    /// <summary>HTML.</summary>
    public string? Description { get; init; }

    public required BookDetails Details { get; init; }

    public required SourceRecord Source { get; init; }

    /// <summary>Names the record within its source; empty when the source does not number its records.</summary>
    public required string RecordId { get; init; }
}
