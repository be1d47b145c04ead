using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Imports;

namespace Lms.Grains.Abstractions.Books;

/// <summary>Adds a book of an existing genre. Unknown authors are dropped; at least one must remain.</summary>
[GenerateSerializer, Immutable, Alias("lms.create-book")]
public sealed record CreateBook(
    Operation Operation,
    string IsbnAsGiven,
    string? Title,
    string? Genre,
    AuthorNumber[] Authors,
    string? Description,
    string? Photo);

/// <summary>Changes what is not null. An unknown author is dropped; at least one must remain.</summary>
[GenerateSerializer, Immutable, Alias("lms.change-book")]
public sealed record ChangeBook(
    Operation Operation,
    int ExpectedVersion,
    string? Title,
    string? Genre,
    AuthorNumber[]? Authors,
    string? Description,
    string? Photo);

/// <summary>Adds a book together with its genre and those of its authors that do not exist yet: all or nothing.</summary>
[GenerateSerializer, Immutable, Alias("lms.complete-book")]
public sealed record CompleteBook(
    Operation Operation,
    string IsbnAsGiven,
    string? Title,
    string? Genre,
    NamedAuthor[] Authors,
    string? Description);

/// <summary>Either the number of an author who exists, or the name and bio of one who does not.</summary>
[GenerateSerializer, Immutable, Alias("lms.named-author")]
public sealed record NamedAuthor(AuthorNumber? Number, string? Name, string? Bio);

/// <summary>Makes a book of a record, or brings the book to what the record says. Its genre and authors exist.</summary>
[GenerateSerializer, Immutable, Alias("lms.import-book")]
public sealed record ImportBook
{
    [Id(0)] public required Operation Operation { get; init; }

    [Id(1)] public required RecordOrigin Origin { get; init; }

    [Id(2)] public required string IsbnAsGiven { get; init; }

    [Id(3)] public required string Title { get; init; }

    [Id(4)] public required GenreName Genre { get; init; }

    /// <summary>The record tells no genre: a book that has one keeps it.</summary>
    [Id(5)] public bool IsGenreGuessed { get; init; }

    [Id(6)] public required AuthorNumber[] Authors { get; init; }

    [Id(7)] public string? Description { get; init; }

    [Id(8)] public required BookDetails Details { get; init; }

    [Id(9)] public required SourceRecord Source { get; init; }

    /// <summary>The record names nobody: a book that has authors keeps them.</summary>
    [Id(10)] public bool AreAuthorsGuessed { get; init; }
}

/// <summary>Where a record came from, so that it is known when it comes again.</summary>
/// <param name="Import">The import that brings it.</param>
/// <param name="RecordId">Names the record within its source; empty when the source does not number its records.</param>
/// <param name="Hash">The same for the same content.</param>
[GenerateSerializer, Immutable, Alias("lms.record-origin")]
public sealed record RecordOrigin(ImportId Import, string RecordId, string Hash);

/// <param name="Isbn">The book that the record is of, if there is one.</param>
/// <param name="Outcome">Null when the record, as it is now, was never imported.</param>
[GenerateSerializer, Immutable, Alias("lms.found-record")]
public sealed record FoundRecord(Isbn Isbn, ImportOutcome? Outcome);

/// <param name="Isbn">The book that the record is of.</param>
/// <param name="Outcome">What it did.</param>
[GenerateSerializer, Immutable, Alias("lms.imported-book")]
public sealed record ImportedBook(Isbn Isbn, ImportOutcome Outcome);

/// <summary>What a record did to its book. Numbers cross releases; they never change.</summary>
public enum ImportOutcome
{
    Unchanged = 0,
    Created = 1,
    Updated = 2,
}
