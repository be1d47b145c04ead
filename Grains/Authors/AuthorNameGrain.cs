using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Authors;

namespace Lms.Grains.Authors;

[GenerateSerializer, Alias("lms.author-name-state")]
internal sealed record AuthorNameState : State
{
    public const string Name = "author-name";

    [Id(0)] public AuthorNumber? Number { get; init; }

    /// <summary>The author that this name is to make; null when the name found one.</summary>
    [Id(1)] public NewAuthorOfName? New { get; init; }
}

/// <summary>Everything needed to make an author after a crash.</summary>
[GenerateSerializer, Immutable, Alias("lms.new-author-of-name")]
internal sealed record NewAuthorOfName(Operation Operation, string Name, string Bio);

// Claim (one write, the commit point), then the author. The claim stays as it is, so an activation makes sure once that its
// author exists: that is all a crash between the two leaves to do.
[CollectionAgeLimit(Minutes = 2)]
internal sealed class AuthorNameGrain(
    [PersistentState(AuthorNameState.Name, GrainStorage.Name)] IPersistentState<AuthorNameState> storage,
    AuthorQueries queries,
    GrainServices services) : LibraryGrain<AuthorNameState>(storage, services), IAuthorNameGrain
{
    private bool _exists;

    public async Task<AuthorNumber> EnsureAsync(
        Operation operation, string name, string bio, CancellationToken cancellationToken)
    {
        if (State.Number is null)
        {
            var claim = await queries.OldestNamedAsync(Folding.Fold(name), cancellationToken) is { } known
                ? State with { Number = new AuthorNumber(known) }
                : State with
                {
                    Number = new AuthorNumber(await GrainFactory.AuthorNumbers().NextAsync(cancellationToken)),
                    New = new(operation, name, bio),
                };
            await CommitAsync(claim.Stamped(operation, Now), cancellationToken);
        }

        var number = State.Number!.Value;
        if (!_exists && State.New is { } author)
        {
            await GrainFactory.Author(number).CreateAsync(
                new(author.Operation, author.Name, author.Bio, Photo: null, IsImported: true), cancellationToken);
        }

        _exists = true;
        return number;
    }
}
