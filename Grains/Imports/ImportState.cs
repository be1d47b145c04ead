using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Imports;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Imports;

[GenerateSerializer, Alias("lms.import-state")]
internal sealed record ImportState : State, IProjected<ImportState>
{
    public const string Name = "import";

    [Id(0)] public Import? Import { get; init; }

    static string IProjected<ImportState>.StateName => Name;

    public static Projection? Project(string key, long rowVersion, ImportState state) => state.Import is not { } import
        ? null
        : new ImportRow
        {
            Key = key,
            RowVersion = rowVersion,
            UnfinishedSince = import.Status is ImportStatus.Queued or ImportStatus.Running ? import.QueuedAt : null,
            Id = import.Id.ToString(),
            QueuedAt = import.QueuedAt,
            Upload = import.IsUnfinished ? import.Source.Upload : null,
        };
}

[GenerateSerializer, Alias("lms.import-notes-state")]
internal sealed record ImportNotesState : State
{
    public const string Name = "import-notes";

    [Id(0)] public ImportNote[] Notes { get; init; } = [];
}
