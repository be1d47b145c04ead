using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Books;

[GenerateSerializer, Alias("lms.local-number-state")]
internal sealed record LocalNumberState : State
{
    public const string Name = "local-number";

    [Id(0)] public Isbn? Number { get; init; }
}

internal sealed class LocalNumberGrain(
    [PersistentState(LocalNumberState.Name, GrainStorage.Name)] IPersistentState<LocalNumberState> storage,
    GrainServices services) : LibraryGrain<LocalNumberState>(storage, services), ILocalNumberGrain
{
    public async Task<Isbn> EnsureAsync(Isbn? wanted, CancellationToken cancellationToken)
    {
        if (State.Number is null)
        {
            var number = wanted is { } asked && await IsFreeAsync(asked, cancellationToken)
                ? asked
                : await NextAsync(cancellationToken);
            await CommitAsync((State with { Number = number }).Stamped(Operation.New(), Now), cancellationToken);
        }

        DeactivateOnIdle(); // nobody asks again before the next import
        return State.Number!.Value;
    }

    // Numbers that came with books of another library are passed over.
    private async Task<Isbn> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var number = Isbn.Local(await GrainFactory.LocalNumbers().NextAsync(cancellationToken));
            if (await IsFreeAsync(number, cancellationToken))
            {
                return number;
            }
        }
    }

    private async Task<bool> IsFreeAsync(Isbn number, CancellationToken cancellationToken) =>
        await GrainFactory.Book(number).GetAsync(cancellationToken) is { IsAccepted: false };
}
