using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Books;

internal sealed class BookGrain(
    [PersistentState(BookState.Name, GrainStorage.Name)] IPersistentState<BookState> storage,
    GrainServices services) : LibraryGrain<BookState>(storage, services), IBookGrain
{
    private bool _isImporting;

    public async Task<Result<Book>> CreateAsync(CreateBook command, CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken);
        var genre = await FindGenreAsync(command.Genre, cancellationToken);
        var authors = await ExistingAsync(command.Authors, cancellationToken);
        return await DecideAsync(BookRules.Create(State, this.Isbn, command, genre, authors, Now), cancellationToken);
    }

    public async Task<Result<Book>> ChangeAsync(ChangeBook command, CancellationToken cancellationToken)
    {
        if (State.AliasOf is { } other)
        {
            return await GrainFactory.Book(other).ChangeAsync(command, cancellationToken);
        }

        await ResumeAsync(cancellationToken);
        var genre = command.Genre is null ? null : await FindGenreAsync(command.Genre, cancellationToken);
        var authors = command.Authors is null ? null : await ExistingAsync(command.Authors, cancellationToken);
        return await DecideAsync(BookRules.Change(State, this.Isbn, command, genre, authors, Now), cancellationToken);
    }

    public Task<Result<Book>> RemovePhotoAsync(Operation operation, CancellationToken cancellationToken) =>
        State.AliasOf is { } other
            ? GrainFactory.Book(other).RemovePhotoAsync(operation, cancellationToken)
            : DecideAsync(BookRules.RemovePhoto(State, this.Isbn, operation, Now), cancellationToken);

    public Task<FoundRecord> FindRecordAsync(
        Operation operation, RecordOrigin origin, CancellationToken cancellationToken) => State.AliasOf is { } other
            ? GrainFactory.Book(other).FindRecordAsync(operation, origin, cancellationToken)
            : Task.FromResult(new FoundRecord(this.Isbn, BookImportRules.Find(State, operation, origin)));

    public async Task<ImportedBook> ImportAsync(ImportBook command, CancellationToken cancellationToken)
    {
        if (State.AliasOf is { } other)
        {
            return await GrainFactory.Book(other).ImportAsync(command, cancellationToken);
        }

        await ResumeAsync(cancellationToken);
        _isImporting = true;
        try
        {
            await CommitAsync(BookImportRules.Import(State, this.Isbn, command, Now), cancellationToken);
        }
        finally
        {
            _isImporting = false;
        }

        // A catalogue does not fit into memory: who asks for the book brings it back.
        DeactivateOnIdle();
        return new(this.Isbn, BookImportRules.Find(State, command.Operation, command.Origin)!.Value);
    }

    public async Task<bool> BecomeAliasAsync(Operation operation, Isbn book, CancellationToken cancellationToken)
    {
        await CommitAsync(BookImportRules.BecomeAlias(State, operation, book, Now), cancellationToken);
        return State.AliasOf == book;
    }

    public async Task<bool> ClaimLocalAsync(string record, string? title, CancellationToken cancellationToken)
    {
        await CommitAsync(BookImportRules.ClaimLocal(State, record, Now), cancellationToken);
        return BookImportRules.IsLocalOf(State, record, title);
    }

    // Begin (one write), make genre and authors, finish (one write). The begin is the commit point: all that could
    // refuse has been asked before it, and the state holds everything that is needed to go on after a crash.
    public async Task<Result<Book>> CompleteAsync(CompleteBook command, CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken);
        if (State.Knows(command.Operation))
        {
            return State.Book!;
        }

        if (BookRules.CheckComplete(State, command) is { } refusal)
        {
            return refusal;
        }

        var authors = new List<AuthorNumber>();
        var newAuthors = new List<NewAuthor>();
        foreach (var named in command.Authors)
        {
            if (named.Number is { } number)
            {
                if (await GrainFactory.Author(number).GetAsync(cancellationToken) is { IsAccepted: false })
                {
                    return BookRejections.AuthorUnknown;
                }

                authors.Add(number);
            }
            else if (await GrainFactory.AuthorChecks().CheckAsync(named.Name, named.Bio, cancellationToken) is { } authorRefusal)
            {
                return authorRefusal;
            }
            else
            {
                var next = new AuthorNumber(await GrainFactory.AuthorNumbers().NextAsync(cancellationToken));
                authors.Add(next);
                newAuthors.Add(new(next, named.Name!, named.Bio!));
            }
        }

        var creation = BookRules.BeginCreation(
            State, this.Isbn, command, [.. authors.Distinct()], [.. newAuthors], Now);
        await CommitAsync(creation, cancellationToken);
        await ResumeAsync(cancellationToken);
        return State.Book!;
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (State.Creation is not { } creation)
        {
            return;
        }

        await GrainFactory.Genre(creation.Book.Genre)
            .EnsureAsync(new(creation.Operation, creation.GenreSpelling), cancellationToken);
        foreach (var author in creation.NewAuthors)
        {
            await GrainFactory.Author(author.Number)
                .CreateAsync(new(creation.Operation, author.Name, author.Bio, Photo: null), cancellationToken);
        }

        await CommitAsync(BookRules.FinishCreation(State, creation, Now), cancellationToken);
    }

    // Whoever imports looks when the import is done.
    protected override bool IsListed => !_isImporting;

    public Task<Result<Book>> GetAsync(CancellationToken cancellationToken) =>
        State.AliasOf is { } other
            ? GrainFactory.Book(other).GetAsync(cancellationToken)
            : Task.FromResult<Result<Book>>(State.Book is { } book ? book : BookRejections.Unknown(this.Isbn));

    protected override Projection? Project(long rowVersion) => BookState.Project(Key, rowVersion, State);

    private Task<Result<Book>> DecideAsync(Result<BookState> decision, CancellationToken cancellationToken) =>
        CommitAsync(decision, state => state.Book, cancellationToken);

    private async Task<GenreName?> FindGenreAsync(string? spelling, CancellationToken cancellationToken) =>
        GenreName.TryParse(spelling, out var name)
        && await GrainFactory.Genre(name).GetAsync(cancellationToken) is { IsAccepted: true }
            ? name
            : null;

    private async Task<AuthorNumber[]> ExistingAsync(AuthorNumber[] numbers, CancellationToken cancellationToken)
    {
        var asked = numbers.Distinct().Take(BookRules.MaxAuthors + 1).ToArray();
        var found = await Task.WhenAll(asked.Select(number => GrainFactory.Author(number).GetAsync(cancellationToken)));
        return [.. asked.Where((_, index) => found[index].IsAccepted)];
    }
}
