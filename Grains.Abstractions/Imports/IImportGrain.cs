using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Imports;

/// <summary>
/// One import: reads its file record by record, at most 100 between two writes of how far it is, so that a crash repeats at
/// most these; every record is an operation of its own, so repeating does no harm.
/// </summary>
[Alias("lms.import-grain")]
public interface IImportGrain : IGrainWithStringKey, IResumable
{
    /// <summary>Queues the import of a file that is stored. Returns before it begins.</summary>
    [Alias("start")]
    Task<Result<Import>> StartAsync(Operation operation, ImportSource source, CancellationToken cancellationToken = default);

    // Interleaves: whoever watches does not wait for the batch that is being imported.
    [Alias("get"), ReadOnly, AlwaysInterleave]
    Task<Result<Import>> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops after the records that are under way, until <see cref="ContinueAsync"/>.</summary>
    [Alias("pause")]
    Task<Result<Import>> PauseAsync(Operation operation, CancellationToken cancellationToken = default);

    [Alias("continue")]
    Task<Result<Import>> ContinueAsync(Operation operation, CancellationToken cancellationToken = default);

    /// <summary>Stops for good. What was imported stays.</summary>
    [Alias("cancel")]
    Task<Result<Import>> CancelAsync(Operation operation, CancellationToken cancellationToken = default);
}

/// <summary>A page of the notes of one import, in the order of its file.</summary>
[Alias("lms.import-notes-grain")]
public interface IImportNotesGrain : IGrainWithStringKey
{
    /// <summary>Notes a page holds.</summary>
    const int Size = 100;

    /// <summary>Puts notes behind the first <paramref name="after"/> of the page, in place of what was there.</summary>
    [Alias("write")]
    Task WriteAsync(int after, ImportNote[] notes, CancellationToken cancellationToken = default);

    [Alias("read"), ReadOnly]
    Task<ImportNote[]> ReadAsync(CancellationToken cancellationToken = default);
}

/// <summary>How imports are addressed. The only place that knows what their grain keys look like.</summary>
public static class ImportGrains
{
    public const string Prefix = "import:";

    public const string NotesPrefix = "import-notes:";

    extension(IGrainFactory grains)
    {
        public IImportGrain Import(ImportId id) => grains.GetGrain<IImportGrain>($"{Prefix}{id}");

        /// <param name="id">The import.</param>
        /// <param name="kind">The sort of notes.</param>
        /// <param name="page">From 0.</param>
        public IImportNotesGrain ImportNotes(ImportId id, ImportNotes kind, int page) => grains.GetGrain<IImportNotesGrain>(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{NotesPrefix}{id}:{(int)kind}:{page}"));
    }

    extension(IImportGrain grain)
    {
        public ImportId ImportId => Imports.ImportId.Of(grain.GetPrimaryKeyString()[Prefix.Length..]);
    }
}
