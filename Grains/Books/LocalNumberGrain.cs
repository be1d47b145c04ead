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
    public async Task<Isbn> EnsureAsync(Isbn? wanted, string title, CancellationToken cancellationToken)
    {
        if (State.Number is null)
        {
            // The number is claimed where its book will be: whoever asks for it at the same time, one record has it.
            var number = wanted is { } asked && await ClaimAsync(asked, title, cancellationToken)
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
            if (await ClaimAsync(number, title: null, cancellationToken))
            {
                return number;
            }
        }
    }

    private Task<bool> ClaimAsync(Isbn number, string? title, CancellationToken cancellationToken) =>
        GrainFactory.Book(number).ClaimLocalAsync(Key, title, cancellationToken);
}
