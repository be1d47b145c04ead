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
