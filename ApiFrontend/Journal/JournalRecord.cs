using System.Text.Json;
using System.Text.Json.Serialization;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Journal;

/// <summary>A record of the file: exactly one of its members. Like stored states it only ever grows.</summary>
/// <param name="Name">Names the journal: the first record.</param>
/// <param name="Accepted">A return that was accepted for later.</param>
/// <param name="Decided">What became of one.</param>
internal sealed record JournalRecord(string? Name = null, JournalEntry? Accepted = null, JournalOutcome? Decided = null)
{
    private static readonly JsonSerializerOptions s_options =
        new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static JournalRecord Of(ReadOnlyMemory<byte> bytes) =>
        JsonSerializer.Deserialize<JournalRecord>(bytes.Span, s_options) ?? throw new JsonException("A record is missing.");

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, s_options);
}

/// <summary>A return that was accepted for later: what is needed to carry it out as if it had been possible at once.</summary>
internal sealed record JournalEntry
{
    /// <summary>The operation id that the first attempt had.</summary>
    public required Guid Operation { get; init; }

    /// <summary>The librarian, who was allowed to.</summary>
    public required UserId By { get; init; }

    /// <summary>When the book came back.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The client's <c>Idempotency-Key</c>.</summary>
    public string? Key { get; init; }

    /// <summary>Of the request with that key.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The lending that was named.</summary>
    public LendingNumber? Lending { get; init; }

    /// <summary>The copy that was named, when no lending was.</summary>
    public Barcode? Barcode { get; init; }

    /// <summary>The lending that this gateway had last seen the copy with.</summary>
    public LendingNumber? LastLending { get; init; }

    public string? Commentary { get; init; }

    public int? Grade { get; init; }

    [JsonIgnore]
    public Operation Command => new(Operation, By);
}

/// <summary>What became of a return that was accepted for later. Numbers are stored; they never change.</summary>
internal enum DeferredState
{
    Pending = 0,
    Applied = 1,
    AlreadyReturned = 2,
    Review = 3,
}

/// <summary>What became of one return.</summary>
internal sealed record JournalOutcome
{
    public required Guid Operation { get; init; }

    public required DeferredState State { get; init; }

    public required DateTimeOffset At { get; init; }

    public LendingNumber? Lending { get; init; }

    /// <summary>Of the refusal.</summary>
    public string? Code { get; init; }
}

/// <summary>How clients name a return that was accepted for later: by the journal that knows it, and the operation.</summary>
internal readonly record struct DeferredId(string Journal, Guid Operation)
{
    public static bool TryParse(string text, out DeferredId id)
    {
        id = default;
        if (text.Split('-') is not [{ Length: > 0 } journal, var operation] || !Guid.TryParseExact(operation, "N", out var guid))
        {
            return false;
        }

        id = new(journal, guid);
        return true;
    }

    public override string ToString() => $"{Journal}-{Operation:N}";
}
