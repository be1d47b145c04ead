using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Authors;
using Lms.Grains.Books;
using Lms.Grains.Genres;

namespace Lms.Grains.Tests.Books;

/// <summary>A book with a new genre and new authors is created whole or not at all, wherever it is cut short.</summary>
public sealed class BookCompletionTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private static readonly TimeSpan s_pastGrace = TimeSpan.FromSeconds(11);

    public static TheoryData<string, int, Cut, Finisher> Steps => Crash.At(
        (BookState.Name, 0), (GenreState.Name, 0), (AuthorState.Name, 0), (AuthorState.Name, 1), (BookState.Name, 1));

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_completion_that_was_cut_short_happens_whole_or_not_at_all(string state, int before, Cut cut, Finisher finisher)
    {
        var command = Complete();
        var book = Grains.Book(Isbn.Of(command.IsbnAsGiven));
        var interruption = Storage.Interrupt(cut, state, key: null, before);

        await Assert.ThrowsAsync<GrainFault>(() => book.CompleteAsync(command, Token));
        await Cluster.ForgetAsync(book);
        var seen = await book.GetAsync(Token);
        Assert.Equal((state, before, cut) == (BookState.Name, 1, Cut.ReplyIsLost), seen.IsAccepted);
        switch (finisher)
        {
            case Finisher.Retry:
                Assert.True((await book.CompleteAsync(command, Token)).IsAccepted);
                break;
            case Finisher.NextTouch:
                await book.ChangeAsync(new(Any.Operation, 7, "Outro título", null, null, null, null), Token);
                break;
            default:
                Advance(s_pastGrace);
                await Cluster.SweepAsync(Token);
                break;
        }

        Assert.True(interruption.Struck.IsCompleted);
        var nothingStored = (state, before) == (BookState.Name, 0) && cut != Cut.ReplyIsLost;
        var genre = await Grains.Genre(GenreName.Of(command.Genre!)).GetAsync(Token);
        var stored = await book.GetAsync(Token);
        if (nothingStored && finisher != Finisher.Retry)
        {
            Assert.Equal((false, false), (stored.IsAccepted, genre.IsAccepted));
            return;
        }

        Assert.Equal(command.Genre, genre.Value?.Spelling);
        Assert.Equal(["Ana", "Rui"], await Task.WhenAll(stored.Value!.Authors.Select(NameAsync)));
    }

    [Fact]
    public async Task An_existing_genre_keeps_its_spelling_and_an_existing_author_is_not_made_again()
    {
        var spelling = Any.GenreSpelling;
        await Grains.Genre(GenreName.Of(spelling)).CreateAsync(new(Any.Operation, spelling), Token);
        var author = Any.AuthorNumber;
        await Grains.Author(author).CreateAsync(new(Any.Operation, "Eça", "Bio", null), Token);
        var command = Complete() with
        {
            Genre = spelling.ToUpperInvariant(),
            Authors = [new(author, null, null), new(null, "Ana", "Bio"), new(author, null, null)],
        };

        var book = await Grains.Book(Isbn.Of(command.IsbnAsGiven)).CompleteAsync(command, Token);

        Assert.Equal(spelling, (await Grains.Genre(book.Value!.Genre).GetAsync(Token)).Value?.Spelling);
        Assert.Equal(["Eça", "Ana"], await Task.WhenAll(book.Value.Authors.Select(NameAsync)));
    }

    [Fact]
    public async Task A_refusal_makes_neither_genre_nor_authors()
    {
        var command = Complete() with { Authors = [new(null, "Ana", "Bio"), new(Any.AuthorNumber, null, null)] };

        var refused = await Grains.Book(Isbn.Of(command.IsbnAsGiven)).CompleteAsync(command, Token);

        Assert.Equal(BookRejections.AuthorUnknown, refused.Rejection);
        Assert.False((await Grains.Genre(GenreName.Of(command.Genre!)).GetAsync(Token)).IsAccepted);
        Assert.Null(Storage.Find<BookState>(BookState.Name, $"{BookGrains.Prefix}{command.IsbnAsGiven}"));
    }

    [Fact]
    public async Task A_book_that_is_being_completed_exists_for_those_who_would_add_it()
    {
        var command = Complete();
        var book = Grains.Book(Isbn.Of(command.IsbnAsGiven));
        Storage.FailWrite(GenreState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => book.CompleteAsync(command, Token));

        var other = await book.CompleteAsync(command with { Operation = Any.Operation }, Token);

        Assert.Equal(BookRejections.Exists, other.Rejection);
        Assert.Equal(command.Title, (await book.GetAsync(Token)).Value?.Title);
    }

    private static CompleteBook Complete() => new(
        Any.Operation, Any.Isbn.ToString(), "A Cidade", Any.GenreSpelling, [new(null, "Ana", "Bio"), new(null, "Rui", "Bio")], null);

    private async Task<string> NameAsync(AuthorNumber number) => (await Grains.Author(number).GetAsync(Token)).Value!.Name;
}
