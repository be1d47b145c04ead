using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Imports;

namespace Lms.Grains.Tests.Imports;

public sealed class ImportRulesTests
{
    private static readonly ImportId s_id = ImportId.New();
    private static readonly DateTimeOffset s_later = Any.Instant.AddHours(1);

    private delegate Result<ImportState> Command(ImportState state, ImportId id, Operation operation, DateTimeOffset now);

    public static TheoryData<ImportStatus, string, ImportStatus?> Transitions => new()
    {
        { ImportStatus.Queued, "pause", ImportStatus.Paused },
        { ImportStatus.Running, "pause", ImportStatus.Paused },
        { ImportStatus.Paused, "pause", ImportStatus.Paused },
        { ImportStatus.Done, "pause", null },
        { ImportStatus.Cancelled, "pause", null },
        { ImportStatus.Failed, "pause", null },
        { ImportStatus.Queued, "continue", ImportStatus.Queued },
        { ImportStatus.Running, "continue", ImportStatus.Running },
        { ImportStatus.Paused, "continue", ImportStatus.Queued },
        { ImportStatus.Done, "continue", null },
        { ImportStatus.Cancelled, "continue", null },
        { ImportStatus.Failed, "continue", null },
        { ImportStatus.Queued, "cancel", ImportStatus.Cancelled },
        { ImportStatus.Running, "cancel", ImportStatus.Cancelled },
        { ImportStatus.Paused, "cancel", ImportStatus.Cancelled },
        { ImportStatus.Done, "cancel", null },
        { ImportStatus.Cancelled, "cancel", ImportStatus.Cancelled },
        { ImportStatus.Failed, "cancel", null },
    };

    [Theory]
    [MemberData(nameof(Transitions))]
    public void Each_command_leads_where_it_says_or_is_refused(ImportStatus from, string command, ImportStatus? to)
    {
        var decision = Of(command)(In(from), s_id, Any.Operation, s_later);

        Assert.Equal(to, decision.Value?.Import?.Status);
        Assert.Equal(to is null ? ImportRejections.Finished : null, decision.Rejection);
        Assert.Equal(
            to == ImportStatus.Cancelled && from != to ? s_later : null, decision.Value?.Import?.FinishedAt);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("continue")]
    [InlineData("cancel")]
    public void What_was_never_started_is_unknown(string command) =>
        Assert.Equal("import-unknown", Of(command)(new(), s_id, Any.Operation, s_later).Rejection?.Code);

    [Fact]
    public void The_first_upload_is_the_one_that_counts()
    {
        var first = ImportRules.Start(new(), s_id, Any.Operation, Source("a"), Any.Instant).Value!;

        var second = ImportRules.Start(first, s_id, Any.Operation, Source("b"), s_later).Value;

        Assert.Same(first, second);
        Assert.Equal(("a", ImportStatus.Queued, Any.Instant), (first.Import!.Source.Upload, first.Import.Status, first.Import.QueuedAt));
    }

    [Fact]
    public void An_import_that_goes_on_has_started_when_it_first_did()
    {
        var started = ImportRules.Run(In(ImportStatus.Queued), Any.Instant);

        var again = ImportRules.Run(started, s_later);

        Assert.Equal((ImportStatus.Running, Any.Instant), (again.Import!.Status, again.Import.StartedAt!.Value));
    }

    [Fact]
    public void Every_record_counts_once()
    {
        var note = new ImportNote(1, 0, "code", "Detail.");
        RecordOutcome[] outcomes =
        [
            new(ImportOutcome.Created, null, null, [note, note]),
            new(ImportOutcome.Updated, null, null, []),
            new(ImportOutcome.Unchanged, null, null, []),
            new(null, note, null, []),
            new(null, null, note, [note]),
        ];

        var import = ImportRules.Advance(ImportRules.Advance(In(ImportStatus.Running), outcomes), outcomes).Import!;

        Assert.Equal((10, 2, 2, 2), (import.Read, import.Created, import.Updated, import.Unchanged));
        Assert.Equal((2, 2, 6), (import.Skipped, import.Failed, import.Warnings));
        Assert.Equal(import.Read, import.Created + import.Updated + import.Unchanged + import.Skipped + import.Failed);
    }

    private static Command Of(string command) => command switch
    {
        "pause" => ImportRules.Pause,
        "continue" => ImportRules.Continue,
        _ => ImportRules.Cancel,
    };

    private static ImportSource Source(string upload) => new(upload, CatalogueFormat.Csv);

    private static ImportState In(ImportStatus status) => new()
    {
        Import = new() { Id = s_id, Source = Source("a"), Status = status, QueuedAt = Any.Instant },
    };
}
