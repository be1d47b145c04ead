namespace Lms.Contract.Tests;

public enum Versioned
{
    Author,
    Book,
    Reader,
    Lending,
}

/// <summary>The four resources that carry a version, changed and read under conditions.</summary>
public sealed class ConditionalTests(LibraryFixture library)
{
    [Theory]
    [InlineData(Versioned.Author, null)]
    [InlineData(Versioned.Author, "")]
    [InlineData(Versioned.Author, "null")]
    [InlineData(Versioned.Book, null)]
    [InlineData(Versioned.Book, "")]
    [InlineData(Versioned.Book, "null")]
    [InlineData(Versioned.Reader, null)]
    [InlineData(Versioned.Reader, "")]
    [InlineData(Versioned.Reader, "null")]
    [InlineData(Versioned.Lending, null)]
    [InlineData(Versioned.Lending, "")]
    [InlineData(Versioned.Lending, "null")]
    [Covers("PATCH /api/authors/{}", 400)]
    [Covers("PATCH /api/books/{}", 400)]
    [Covers("PATCH /api/readers", 400)]
    [Covers("PATCH /api/lendings/{}/{}", 400)]
    public async Task A_change_names_the_version_it_is_meant_for(Versioned what, string? condition)
    {
        var subject = await MakeAsync(what);

        var answer = await subject.ChangeAsync(condition);

        Expect.PlainProblem(400, answer);
        Expect.Says("You must issue a conditional PATCH using 'if-match'", answer);
        Assert.Equal(subject.ETag, (await subject.Api.GetAsync(subject.Path)).ETag);
    }

    [Theory]
    [InlineData(Versioned.Author, "W/\"0\"")]
    [InlineData(Versioned.Author, "abc")]
    [InlineData(Versioned.Author, "\"abc\"")]
    [InlineData(Versioned.Book, "W/\"0\"")]
    [InlineData(Versioned.Book, "abc")]
    [InlineData(Versioned.Reader, "W/\"0\"")]
    [InlineData(Versioned.Reader, "abc")]
    [InlineData(Versioned.Lending, "W/\"0\"")]
    [InlineData(Versioned.Lending, "abc")]
    public async Task A_version_is_a_number(Versioned what, string condition)
    {
        var subject = await MakeAsync(what);

        var answer = await subject.ChangeAsync(condition);

        Expect.BadRequest(answer);
    }

    [Theory]
    [InlineData(Versioned.Author, "0")]
    [InlineData(Versioned.Author, "\"0\"")]
    [InlineData(Versioned.Book, "0")]
    [InlineData(Versioned.Book, "\"0\"")]
    [InlineData(Versioned.Reader, "0")]
    [InlineData(Versioned.Reader, "\"0\"")]
    [InlineData(Versioned.Lending, "0")]
    [InlineData(Versioned.Lending, "\"0\"")]
    public async Task A_version_may_come_with_or_without_quotes(Versioned what, string condition)
    {
        var subject = await MakeAsync(what);

        var answer = await subject.ChangeAsync(condition);

        Assert.Equal("\"0\"", subject.ETag);
        Assert.Equal("\"1\"", Expect.Status(200, answer).ETag);
    }

    [Theory]
    [InlineData(Versioned.Author)]
    [InlineData(Versioned.Book)]
    [InlineData(Versioned.Reader)]
    [InlineData(Versioned.Lending)]
    [Covers("PATCH /api/authors/{}", 409)]
    [Covers("PATCH /api/books/{}", 409)]
    [Covers("PATCH /api/readers", 409)]
    [Covers("PATCH /api/lendings/{}/{}", 409)]
    public async Task A_version_that_is_not_the_current_one_is_a_conflict(Versioned what)
    {
        var subject = await MakeAsync(what);

        var answer = await subject.ChangeAsync("\"7\"");

        Expect.Conflict(answer);
        Assert.Equal(subject.ETag, (await subject.Api.GetAsync(subject.Path)).ETag);
    }

    [Theory]
    [InlineData(Versioned.Author)]
    [InlineData(Versioned.Book)]
    [InlineData(Versioned.Reader)]
    public async Task Of_two_changes_to_one_version_the_second_is_a_conflict(Versioned what)
    {
        var subject = await MakeAsync(what);

        Expect.Status(200, await subject.ChangeAsync(subject.ETag));
        var answer = await subject.ChangeAsync(subject.ETag);

        Expect.Conflict(answer);
    }

    [Theory]
    [InlineData(Versioned.Author)]
    [InlineData(Versioned.Book)]
    public async Task Of_many_changes_to_one_version_at_once_exactly_one_counts(Versioned what)
    {
        var subject = await MakeAsync(what);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => subject.ChangeAsync(subject.ETag)));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers, answer => Expect.Status([200, 409], answer));
    }

    [Theory]
    [InlineData(Versioned.Author)]
    [InlineData(Versioned.Book)]
    [InlineData(Versioned.Reader)]
    [InlineData(Versioned.Lending)]
    [Covers("GET /api/authors/{}", 304)]
    [Covers("GET /api/books/{}", 304)]
    [Covers("GET /api/readers", 304)]
    [Covers("GET /api/lendings/{}/{}", 304)]
    public async Task Who_has_the_current_version_need_not_fetch_it_again(Versioned what)
    {
        var subject = await MakeAsync(what);

        var known = await subject.Api.GetAsync(subject.Path, ("If-None-Match", subject.ETag));
        var outdated = await subject.Api.GetAsync(subject.Path, ("If-None-Match", "\"7\""));

        Expect.Empty(304, known);
        Assert.Equal(subject.ETag, Expect.Status(200, outdated).ETag);
    }

    [Fact]
    [Covers("GET /api/readers/{}/{}", 304)]
    public async Task A_librarian_need_not_fetch_a_reader_again()
    {
        var reader = await library.NewReaderAsync();

        var answer = await (await library.LibrarianAsync()).GetAsync(reader.Path, ("If-None-Match", reader.ETag));

        Expect.Empty(304, answer);
    }

    private async Task<Subject> MakeAsync(Versioned what)
    {
        var librarian = await library.LibrarianAsync();
        switch (what)
        {
            case Versioned.Author:
                var author = await library.NewAuthorAsync();
                return new Subject(librarian, author.Path, author.ETag, () => Body.Form(("bio", Any.Bio)));
            case Versioned.Book:
                var book = await library.NewBookAsync();
                return new Subject(librarian, book.Path, book.ETag, () => Body.Form(("title", Any.Title)));
            case Versioned.Reader:
                var reader = await library.NewReaderAsync();
                return new Subject(
                    reader.Api, "/api/readers", reader.ETag, () => Body.Form(("fullName", Any.PersonName)));
            default:
                var holder = await library.NewReaderAsync();
                var lending = await library.LendAsync(holder);
                return new Subject(
                    holder.Api, lending.Path, lending.ETag, () => Body.Json(new { commentary = "Lido." }));
        }
    }

    private sealed record Subject(Api Api, string Path, string ETag, Func<HttpContent> Change)
    {
        public Task<Answer> ChangeAsync(string? condition) => condition is null
            ? Api.SendAsync(HttpMethod.Patch, Path, Change())
            : Api.SendAsync(HttpMethod.Patch, Path, Change(), ("If-Match", condition));
    }
}
