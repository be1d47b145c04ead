using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Books;

namespace Lms.Grains.Tests.Books;

public sealed class BookImportRulesTests
{
    private static readonly Isbn s_isbn = Any.Isbn;
    private static readonly ImportId s_import = ImportId.New();

    [Fact]
    public void A_book_that_nobody_imported_knows_no_record() =>
        Assert.Null(BookImportRules.Find(new(), Any.Operation, Origin("1", "a")));

    [Fact]
    public void A_record_makes_a_book_of_version_0()
    {
        var command = Import("1", "a") with { Description = "<script>x</script><p>Bom</p>" };

        var state = Imported(new(), command);

        var book = state.Book!;
        Assert.Equal((s_isbn, "A", 0), (book.Isbn, book.Title, book.Version));
        Assert.Equal("<p>Bom</p>", book.Description);
        Assert.Equal(command.Source, state.Source);
        Assert.Equal(ImportOutcome.Created, BookImportRules.Find(state, command.Operation, command.Origin));
    }

    [Fact]
    public void The_same_operation_again_changes_nothing_and_tells_what_it_did()
    {
        var created = Import("1", "a");
        var updated = Import("1", "b") with { Title = "B" };

        var state = Imported(Imported(new(), created), updated);

        Assert.Same(state, Imported(state, updated));
        Assert.Same(state, Imported(state, created));
        Assert.Equal(ImportOutcome.Created, BookImportRules.Find(state, created.Operation, created.Origin));
        Assert.Equal(ImportOutcome.Updated, BookImportRules.Find(state, updated.Operation, updated.Origin));
    }

    [Fact]
    public void The_same_record_of_another_import_is_unchanged()
    {
        var state = Imported(new(), Import("1", "a"));
        var again = Import("1", "a") with { Origin = new(ImportId.New(), "1", "a") };

        Assert.Equal(ImportOutcome.Unchanged, BookImportRules.Find(state, again.Operation, again.Origin));
        Assert.Same(state, Imported(state, again));
    }

    [Theory]
    [InlineData("1", "b")]
    [InlineData("2", "a")]
    public void Another_content_or_another_number_is_another_record(string id, string hash) =>
        Assert.Null(BookImportRules.Find(Imported(new(), Import("1", "a")), Any.Operation, Origin(id, hash)));

    [Fact]
    public void Records_of_one_number_in_one_import_are_all_known_afterwards()
    {
        var state = Imported(Imported(new(), Import("", "a")), Import("", "b"));

        Assert.Equal(ImportOutcome.Unchanged, BookImportRules.Find(state, Any.Operation, Origin("", "a")));
        Assert.Equal(ImportOutcome.Unchanged, BookImportRules.Find(state, Any.Operation, Origin("", "b")));
    }

    [Fact]
    public void What_a_later_import_brings_under_a_number_replaces_what_was_there()
    {
        var later = Import("1", "b") with { Origin = new(ImportId.New(), "1", "b") };

        var state = Imported(Imported(new(), Import("1", "a")), later);

        Assert.Null(BookImportRules.Find(state, Any.Operation, Origin("1", "a")));
        Assert.Equal(["b"], Assert.Single(state.Records).Hashes);
    }

    [Fact]
    public void The_version_moves_when_what_clients_see_changes()
    {
        var state = Imported(new(), Import("1", "a"));

        Assert.Equal(1, Imported(state, Import("1", "b") with { Title = "B" }).Book!.Version);
        Assert.Equal(1, Imported(state, Import("1", "b") with { Authors = [new(2)] }).Book!.Version);
        Assert.Equal(1, Imported(state, Import("1", "b") with { Description = "Bom" }).Book!.Version);
        Assert.Equal(1, Imported(state, Import("1", "b") with { Genre = GenreName.Of("Conto") }).Book!.Version);
    }

    [Fact]
    public void The_version_stays_when_only_the_record_or_the_details_change()
    {
        var state = Imported(
            Imported(new(), Import("1", "a")),
            Import("1", "b") with { Details = new() { Publisher = "Ática" }, Authors = [new(1)], Source = Source("b") });

        Assert.Equal(0, state.Book!.Version);
        Assert.Equal("Ática", state.Book.Details!.Publisher);
        Assert.Equal("b", state.Source!.Fields[0][1]);
    }

    [Fact]
    public void A_genre_that_the_record_does_not_tell_is_kept()
    {
        var guessed = Import("1", "b") with { Genre = GenreName.Of("Outro"), IsGenreGuessed = true };

        Assert.Equal(GenreName.Of("Romance"), Imported(Imported(new(), Import("1", "a")), guessed).Book!.Genre);
        Assert.Equal(GenreName.Of("Outro"), Imported(new(), guessed).Book!.Genre);
    }

    [Fact]
    public void Authors_that_the_record_does_not_name_are_kept()
    {
        var guessed = Import("1", "b") with { Authors = [new(7)], AreAuthorsGuessed = true };

        Assert.Equal([new(1)], Imported(Imported(new(), Import("1", "a") with { Authors = [new(1)] }), guessed).Book!.Authors);
        Assert.Equal([new(7)], Imported(new(), guessed).Book!.Authors);
    }

    [Fact]
    public void A_description_and_a_photo_that_the_record_lacks_are_kept()
    {
        var state = Imported(new(), Import("1", "a") with { Description = "Bom" });
        state = state with { Book = state.Book! with { Photo = "ab12" } };

        var book = Imported(state, Import("1", "b")).Book!;

        Assert.Equal(("Bom", "ab12", 0), (book.Description, book.Photo, book.Version));
    }

    [Fact]
    public void An_alias_that_a_later_record_does_not_name_still_finds_the_book()
    {
        var (first, second) = (Any.Isbn, Any.Isbn);
        var state = Imported(new(), Import("1", "a") with { Details = new() { Aliases = [first] } });

        state = Imported(state, Import("1", "b") with { Details = new() { Aliases = [second, first, s_isbn] } });

        Assert.Equal([first, second], state.Book!.Details!.Aliases);
    }

    [Fact]
    public void What_a_librarian_changed_survives_the_same_record()
    {
        var state = Imported(new(), Import("1", "a"));
        var change = new ChangeBook(Any.Operation, 0, "Outro", Genre: null, Authors: null, Description: null, Photo: null);
        var changed = BookRules.Change(state, s_isbn, change, genre: null, authors: null, Any.Instant).Value!;

        Assert.Same(changed, Imported(changed, Import("1", "a")));
        Assert.Equal("Outro", changed.Book!.Title);
    }

    [Fact]
    public void A_typed_book_takes_what_the_record_says()
    {
        var typed = new BookState
        {
            Book = new()
            {
                Isbn = s_isbn,
                IsbnAsGiven = "0306406152",
                Title = "Typed",
                Genre = GenreName.Of("Romance"),
                Authors = [new(9)],
                Version = 4,
            },
        };
        var command = Import("1", "a");

        var state = Imported(typed, command);

        Assert.Equal(("A", 5, "0306406152"), (state.Book!.Title, state.Book.Version, state.Book.IsbnAsGiven));
        Assert.Equal(ImportOutcome.Updated, BookImportRules.Find(state, command.Operation, command.Origin));
    }

    [Fact]
    public void Only_an_isbn_without_a_book_becomes_an_alias()
    {
        var (alias, other) = (Any.Isbn, Any.Isbn);
        var book = Imported(new(), Import("1", "a"));
        var free = BookImportRules.BecomeAlias(new(), Any.Operation, alias, Any.Instant);

        Assert.Equal(alias, free.AliasOf);
        Assert.Same(free, BookImportRules.BecomeAlias(free, Any.Operation, other, Any.Instant));
        Assert.Same(book, BookImportRules.BecomeAlias(book, Any.Operation, other, Any.Instant));
    }

    [Fact]
    public void A_local_number_is_of_the_record_that_claimed_it_first()
    {
        var claimed = BookImportRules.ClaimLocal(new(), "a", Any.Instant);
        var book = Imported(new(), Import("1", "a"));

        Assert.Equal("a", claimed.LocalRecord);
        Assert.Same(claimed, BookImportRules.ClaimLocal(claimed, "b", Any.Instant));
        Assert.Same(claimed, BookImportRules.ClaimLocal(claimed, "a", Any.Instant));
        Assert.Same(claimed, BookImportRules.BecomeAlias(claimed, Any.Operation, Any.Isbn, Any.Instant));
        Assert.Same(book, BookImportRules.ClaimLocal(book, "a", Any.Instant));
    }

    private static RecordOrigin Origin(string id, string hash) => new(s_import, id, hash);

    private static SourceRecord Source(string text) => new() { Fields = [["title", text]] };

    private static BookState Imported(BookState state, ImportBook command) =>
        BookImportRules.Import(state, s_isbn, command, Any.Instant);

    private static ImportBook Import(string id, string hash) => new()
    {
        Operation = Any.Operation,
        Origin = Origin(id, hash),
        IsbnAsGiven = s_isbn.ToString(),
        Title = "A",
        Genre = GenreName.Of("Romance"),
        Authors = [new AuthorNumber(1)],
        Details = new(),
        Source = Source("a"),
    };
}
