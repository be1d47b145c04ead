using Lms.Grains.Abstractions.Authors;

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
