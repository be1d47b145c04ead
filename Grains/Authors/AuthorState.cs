using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Authors;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Authors;

[GenerateSerializer, Alias("lms.author-state")]
internal sealed record AuthorState : State, IProjected<AuthorState>
{
    public const string Name = "author";

    [Id(0)] public Author? Author { get; init; }

    static string IProjected<AuthorState>.StateName => Name;

    public static Projection? Project(string key, long rowVersion, AuthorState state) =>
        state.Author is not { } author
            ? null
            : new AuthorRow
            {
                Key = key,
                RowVersion = rowVersion,
                Number = author.Number.Value,
                Name = author.Name,
                NameFolded = Folding.Fold(author.Name),
                Bio = author.Bio,
                Photo = author.Photo,
                Version = author.Version,
            };
}
