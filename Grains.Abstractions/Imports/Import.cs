namespace Lms.Grains.Abstractions.Imports;

/// <summary>An import of a catalogue file: what was asked, and how far it is.</summary>
[GenerateSerializer, Immutable, Alias("lms.import")]
public sealed record Import
{
    [Id(0)] public required ImportId Id { get; init; }

    [Id(1)] public required ImportSource Source { get; init; }

    [Id(2)] public ImportStatus Status { get; init; }

    /// <summary>Records whose outcome is certain; the sum of the five that follow.</summary>
    [Id(3)] public int Read { get; init; }

    [Id(4)] public int Created { get; init; }

    [Id(5)] public int Updated { get; init; }

    [Id(6)] public int Unchanged { get; init; }

    [Id(7)] public int Skipped { get; init; }

    [Id(8)] public int Failed { get; init; }

    /// <summary>What was mended or left out on the way; a record may have several.</summary>
    [Id(9)] public int Warnings { get; init; }

    [Id(10)] public required DateTimeOffset QueuedAt { get; init; }

    [Id(11)] public DateTimeOffset? StartedAt { get; init; }

    [Id(12)] public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why it failed as a whole; null unless it did.</summary>
    [Id(13)] public string? Problem { get; init; }

    /// <summary>More records may come.</summary>
    public bool IsUnfinished => Status is ImportStatus.Queued or ImportStatus.Running or ImportStatus.Paused;
}

/// <summary>Where an import is. Numbers are stored; they never change.</summary>
public enum ImportStatus
{
    Queued = 0,
    Running = 1,
    Done = 2,
    Cancelled = 3,

    /// <summary>The file cannot be read at all. A record that fails does not fail the import.</summary>
    Failed = 4,

    /// <summary>Stopped until somebody resumes it.</summary>
    Paused = 5,
}

/// <summary>What is imported, and how it is read.</summary>
/// <param name="Upload">The file, as <see cref="IUploads"/> knows it.</param>
/// <param name="Format">What is in it.</param>
/// <param name="FileName">As the client calls it; null when it does not.</param>
/// <param name="Map">Columns of a table.</param>
/// <param name="Name">Whose records these are; null lets them say it.</param>
/// <param name="AuthorSeparator">Between two authors of a cell of a table.</param>
[GenerateSerializer, Immutable, Alias("lms.import-source")]
public sealed record ImportSource(
    string Upload,
    CatalogueFormat Format,
    string? FileName = null,
    string? Map = null,
    string? Name = null,
    string? AuthorSeparator = null);

/// <summary>Forms of a catalogue file. Numbers are stored; they never change.</summary>
public enum CatalogueFormat
{
    /// <summary>ISO 2709 with MARC 21 in it.</summary>
    Marc21 = 0,

    MarcXml = 1,

    Csv = 2,
}

/// <summary>What happened to one record, where somebody may want to know.</summary>
/// <param name="Record">From 1, in the order of the file.</param>
/// <param name="Offset">The byte of the unzipped file where the record begins.</param>
/// <param name="Code">Stable and machine readable.</param>
/// <param name="Detail">For people; may change.</param>
[GenerateSerializer, Immutable, Alias("lms.import-note")]
public sealed record ImportNote(int Record, long Offset, string Code, string Detail);

/// <summary>Sorts of notes. Numbers are part of keys; they never change.</summary>
public enum ImportNotes
{
    Failed = 0,
    Skipped = 1,
    Warnings = 2,
}

/// <summary>Every reason this service may refuse a command. Codes never change; details may.</summary>
public static class ImportRejections
{
    public static readonly Rejection Finished =
        new(RejectionKind.Conflict, "import-finished", "The import is finished.");

    public static Rejection Unknown(ImportId id) =>
        new(RejectionKind.NotFound, "import-unknown", $"There is no import {id}.");
}
