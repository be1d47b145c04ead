using Lms.Grains.Abstractions.Imports;

namespace Lms.ApiFrontend.Imports;

/// <summary>An import and how far it is.</summary>
/// <param name="Id">Its name.</param>
/// <param name="State">queued, running, paused, done, cancelled or failed.</param>
/// <param name="Format">marc21, marcxml or csv.</param>
/// <param name="FileName">As the client calls it.</param>
/// <param name="Read">Records whose outcome is certain: created + updated + unchanged + skipped + failed.</param>
/// <param name="Created">Books that are new.</param>
/// <param name="Updated">Books whose record had changed.</param>
/// <param name="Unchanged">Records that had been imported before as they are.</param>
/// <param name="Skipped">Records that are sound and no books.</param>
/// <param name="Failed">Records that cannot be read, or lack a title.</param>
/// <param name="Warnings">What was mended or left out on the way.</param>
/// <param name="Problem">Why the import failed as a whole.</param>
/// <param name="QueuedAt">When it was asked for.</param>
/// <param name="StartedAt">When its first record was read.</param>
/// <param name="FinishedAt">When it was done, cancelled or failed.</param>
internal sealed record ImportView(
    string Id,
    string State,
    string Format,
    string? FileName,
    int Read,
    int Created,
    int Updated,
    int Unchanged,
    int Skipped,
    int Failed,
    int Warnings,
    string? Problem,
    DateTimeOffset QueuedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt)
{
    public static ImportView From(Import import) => new(
        import.Id.ToString(),
        import.Status.ToString().ToLowerInvariant(),
        FormatOf(import.Source.Format),
        import.Source.FileName,
        import.Read,
        import.Created,
        import.Updated,
        import.Unchanged,
        import.Skipped,
        import.Failed,
        import.Warnings,
        import.Problem,
        import.QueuedAt,
        import.StartedAt,
        import.FinishedAt);

    public static string FormatOf(CatalogueFormat format) => format.ToString().ToLowerInvariant();

    public static bool TryParse(string? text, out CatalogueFormat? format)
    {
        format = null;
        if (string.IsNullOrEmpty(text) || text == "auto")
        {
            return true;
        }

        format = Enum.GetValues<CatalogueFormat>().Where(one => FormatOf(one) == text).Select(one => (CatalogueFormat?)one).FirstOrDefault();
        return format is not null;
    }
}

/// <summary>What happened to one record of an import.</summary>
/// <param name="Record">From 1, in the order of the file.</param>
/// <param name="Offset">The byte of the unzipped file where the record begins.</param>
/// <param name="Code">Stable and machine readable.</param>
/// <param name="Detail">For people.</param>
internal sealed record ImportNoteView(int Record, long Offset, string Code, string Detail)
{
    public static ImportNoteView From(ImportNote note) => new(note.Record, note.Offset, note.Code, note.Detail);
}
