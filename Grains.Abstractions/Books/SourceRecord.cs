using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lms.Grains.Abstractions.Books;

/// <summary>A record as its source wrote it, without loss: what an export gives back.</summary>
[GenerateSerializer, Immutable, Alias("lms.source-record")]
public sealed record SourceRecord
{
    /// <summary>The leader of a MARC record; null for a row of a table.</summary>
    [Id(0)] public string? Leader { get; init; }

    /// <summary>
    /// A control field is [tag, value]; a data field is [tag and both indicators, code and value, code and value, ...]; a
    /// cell of a table is [column, value].
    /// </summary>
    [Id(1)] public required string[][] Fields { get; init; }
}

/// <summary>What an imported book is exported from: what its catalogue knows besides, and the record it came with.</summary>
public sealed record BookRecord(BookDetails? Details, SourceRecord? Source)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static BookRecord OfJson(string json) => JsonSerializer.Deserialize<BookRecord>(json, s_json)!;

    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
