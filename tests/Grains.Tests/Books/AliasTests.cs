using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Tests.Imports;

namespace Lms.Grains.Tests.Books;

/// <summary>Further ISBNs of an imported book find it.</summary>
public sealed class AliasTests(ClusterFixture fixture) : ImportTest(fixture)
{
    [Fact]
    public async Task An_alias_finds_changes_and_keeps_the_book()
    {
        var (isbn, alias) = (Any.Isbn, Any.Isbn);
        await ImportAsync(Table(Row(isbn, "Livro").Replace($"{isbn}", $"{isbn}; {alias}", StringComparison.Ordinal)));
        var book = Grains.Book(alias);

        var created = await book.CreateAsync(new(Any.Operation, $"{alias}", "Outro", "Romance", [new(1)], null, null), Token);
        var completed = await book.CompleteAsync(new(Any.Operation, $"{alias}", "Outro", "Romance", [new(null, "Ana", "Bio")], null), Token);
        var changed = await book.ChangeAsync(new(Any.Operation, 0, "Emendado", null, null, null, null), Token);
        var photo = await book.RemovePhotoAsync(Any.Operation, Token);

        Assert.Equal((BookRejections.Exists, BookRejections.Exists), (created.Rejection, completed.Rejection));
        Assert.Equal((isbn, "Emendado", 1), (changed.Value!.Isbn, changed.Value.Title, changed.Value.Version));
        Assert.Equal(BookRejections.NoPhoto, photo.Rejection);
        Assert.Equal("Emendado", (await BookAsync(isbn))!.Title);
        Assert.Equal("Emendado", (await BookAsync(alias))!.Title);
    }

    [Fact]
    public async Task A_record_that_comes_under_an_alias_is_of_the_book()
    {
        var (isbn, alias, third) = (Any.Isbn, Any.Isbn, Any.Isbn);
        await ImportAsync(Table(Row(isbn, "Livro").Replace($"{isbn}", $"{isbn}; {alias}", StringComparison.Ordinal)));

        var import = await ImportAsync(Table(Row(alias, "Livro novo").Replace($"{alias}", $"{alias}; {third}", StringComparison.Ordinal)));

        Assert.Equal((1, 0), (import.Updated, import.Warnings));
        Assert.Equal("Livro novo", (await BookAsync(isbn))!.Title);
        Assert.Equal(isbn, (await BookAsync(third))!.Isbn);
        Assert.Equal([alias, third], (await BookAsync(isbn))!.Details!.Aliases.Order(Comparer<Isbn>.Create((a, b) => string.CompareOrdinal(a.Digits, b.Digits))));
    }

    [Fact]
    public async Task An_isbn_that_has_a_book_of_its_own_keeps_it_and_the_import_says_so()
    {
        var (isbn, other) = (Any.Isbn, Any.Isbn);
        await ImportAsync(Table(Row(other, "Outro")));

        var import = await ImportAsync(Table(Row(isbn, "Livro").Replace($"{isbn}", $"{isbn}; {other}", StringComparison.Ordinal)));

        Assert.Equal((1, 1), (import.Created, import.Warnings));
        Assert.Equal("isbn-of-another-book", Assert.Single(await NotesAsync(import, ImportNotes.Warnings)).Code);
        Assert.Equal("Outro", (await BookAsync(other))!.Title);
    }

    [Fact]
    public async Task Records_of_one_batch_that_name_each_other_are_one_book()
    {
        var (first, second) = (Any.Isbn, Any.Isbn);

        var import = await ImportAsync(Table(
            Row(first, "Um").Replace($"{first}", $"{first}; {second}", StringComparison.Ordinal),
            Row(second, "Dois").Replace($"{second}", $"{second}; {first}", StringComparison.Ordinal)));

        Assert.Equal((1, 1, 0), (import.Created, import.Updated, import.Warnings));
        Assert.Equal((first, "Dois"), ((await BookAsync(second))!.Isbn, (await BookAsync(second))!.Title));
    }

    [Fact]
    public async Task A_lookup_and_an_import_that_meet_an_alias_tell_the_book_it_finds()
    {
        var (isbn, alias) = (Any.Isbn, Any.Isbn);
        await ImportAsync(Table(Row(isbn, "Livro").Replace($"{isbn}", $"{isbn}; {alias}", StringComparison.Ordinal)));

        var found = await Grains.Book(alias).FindRecordAsync(Any.Operation, new(ImportId.New(), "", "x"), Token);

        Assert.Equal(new FoundRecord(isbn, null), found);
    }
}
