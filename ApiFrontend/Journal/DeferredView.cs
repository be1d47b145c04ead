using Lms.ApiFrontend.Http;
using Lms.Grains.Abstractions.Lendings;

namespace Lms.ApiFrontend.Journal;

/// <summary>A return that was accepted for later.</summary>
/// <param name="Id">Its address.</param>
/// <param name="State">pending, applied, already-returned or review.</param>
/// <param name="Detail">The same for people.</param>
/// <param name="AcceptedAt">When the book came back, which is the day that counts.</param>
/// <param name="DecidedAt">When it left the state pending; null before.</param>
/// <param name="LendingNumber">Null while it is not known.</param>
/// <param name="Code">Of the refusal that a person must look at.</param>
/// <param name="Result">The address of the lending, once it is returned.</param>
internal sealed record DeferredView(
    string Id,
    string State,
    string Detail,
    DateTimeOffset AcceptedAt,
    DateTimeOffset? DecidedAt,
    string? LendingNumber,
    string? Code,
    string? Result)
{
    public static DeferredView From(DeferredId id, JournaledReturn one, Links links)
    {
        var outcome = one.Outcome;
        var state = outcome?.State ?? DeferredState.Pending;
        LendingNumber? number = outcome?.Lending ?? one.Entry.Lending;
        return new(
            id.ToString(),
            TextOf(state),
            DetailOf(state),
            one.Entry.At,
            outcome?.At,
            number?.ToString(),
            outcome?.Code,
            state is DeferredState.Applied or DeferredState.AlreadyReturned && number is { } known ? links.Lending(known) : null);
    }

    public static string TextOf(DeferredState state) => state switch
    {
        DeferredState.Applied => "applied",
        DeferredState.AlreadyReturned => "already-returned",
        DeferredState.Review => "review",
        _ => "pending",
    };

    private static string DetailOf(DeferredState state) => state switch
    {
        DeferredState.Applied => "Recorded.",
        DeferredState.AlreadyReturned => "The book had been returned before.",
        DeferredState.Review => "Not recorded: a librarian must look at it.",
        _ => "Accepted, not yet recorded.",
    };
}
