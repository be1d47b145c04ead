using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Books;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Books;

[GenerateSerializer, Alias("lms.book-state")]
internal sealed record BookState : State, IProjected<BookState>
{
    public const string Name = "book";

    [Id(0)] public Book? Book { get; init; }

    /// <summary>A creation whose genre and authors may not exist yet. The book does not exist while this does.</summary>
    [Id(1)] public BookCreation? Creation { get; init; }

    /// <summary>The book that this ISBN finds; it has none of its own then.</summary>
    [Id(2)] public Isbn? AliasOf { get; init; }

    /// <summary>The record that the book was last imported from, with all that it says.</summary>
    [Id(3)] public SourceRecord? Source { get; init; }

    [Id(4)] public ImportedRecord[] Records { get; init; } = [];

    /// <summary>The record without ISBN that this local number was given to, before it has its book.</summary>
    [Id(5)] public string? LocalRecord { get; init; }

    static string IProjected<BookState>.StateName => Name;

    public static Projection? Project(string key, long rowVersion, BookState state) =>
        state is { AliasOf: null, LocalRecord: null } or { Book: not null } or { Creation: not null }
            ? ProjectBook(key, rowVersion, state)
            : ProjectHidden(key, rowVersion);

    // Shown nowhere; without it the reconciler would look at the state again and again.
    private static BookRow ProjectHidden(string key, long rowVersion) => new()
    {
        Key = key,
        RowVersion = rowVersion,
        Isbn = key[BookGrains.Prefix.Length..],
        Title = "",
        TitleFolded = "",
        GenreFolded = "",
        Version = 0,
        Authors = [],
        IsHidden = true,
        Text = BookText.Empty,
    };

    private static BookRow? ProjectBook(string key, long rowVersion, BookState state) =>
        (state.Book ?? state.Creation?.Book) is not { } book
            ? null
            : new BookRow
            {
                Key = key,
                RowVersion = rowVersion,
                UnfinishedSince = state.Creation?.StartedAt,
                Isbn = book.Isbn.ToString(),
                IsbnAsGiven = book.IsbnAsGiven,
                Title = book.Title,
                TitleFolded = Folding.Fold(book.Title),
                GenreFolded = book.Genre.Folded,
                Description = book.Description,
                Photo = book.Photo,
                Version = book.Version,
                Authors = [.. book.Authors.Select(author => author.Value)],
                IsHidden = state.Book is null,
                FullTitle = book.Details?.FullTitle,
                Publisher = book.Details?.Publisher,
                Year = book.Details?.Year,
                Language = book.Details?.Language,
                Edition = book.Details?.Edition,
                Pages = book.Details?.Pages,
                Text = BookTexts.Of(book),
                Record = book.Details is null && state.Source is null ? null : new BookRecord(book.Details, state.Source).ToJson(),
            };
}

/// <summary>Everything needed to finish a creation after a crash.</summary>
[GenerateSerializer, Immutable, Alias("lms.book-creation")]
internal sealed record BookCreation
{
    [Id(0)] public required Operation Operation { get; init; }

    [Id(1)] public required DateTimeOffset StartedAt { get; init; }

    [Id(2)] public required Book Book { get; init; }

    [Id(3)] public required string GenreSpelling { get; init; }

    [Id(4)] public required NewAuthor[] NewAuthors { get; init; }
}

[GenerateSerializer, Immutable, Alias("lms.new-author")]
internal sealed record NewAuthor(AuthorNumber Number, string Name, string Bio);

/// <summary>A record that the book was imported from, as the last import that changed it had it.</summary>
/// <param name="Id">Names the record within its source; empty when the source does not number its records.</param>
/// <param name="Import">The last import that brought something new.</param>
/// <param name="Hashes">Of what that import brought: a file may hold two records of one number.</param>
[GenerateSerializer, Immutable, Alias("lms.imported-record")]
internal sealed record ImportedRecord(string Id, ImportId Import, string[] Hashes);
