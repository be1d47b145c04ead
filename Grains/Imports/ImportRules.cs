using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Imports;

/// <summary>What an import may do next. Pure: the same state, command and instant give the same decision.</summary>
internal static class ImportRules
{
    public static Result<ImportState> Start(
        ImportState state, ImportId id, Operation operation, ImportSource source, DateTimeOffset now) =>
        state.Import is not null
            ? state // a repeat: the first upload is the one that counts
            : (state with { Import = new() { Id = id, Source = source, QueuedAt = now } }).Stamped(operation, now);

    public static Result<ImportState> Pause(ImportState state, ImportId id, Operation operation, DateTimeOffset now) =>
        To(state, id, operation, now, ImportStatus.Paused);

    public static Result<ImportState> Continue(ImportState state, ImportId id, Operation operation, DateTimeOffset now) =>
        state.Import?.Status == ImportStatus.Paused ? To(state, id, operation, now, ImportStatus.Queued) : Unfinished(state, id);

    public static Result<ImportState> Cancel(ImportState state, ImportId id, Operation operation, DateTimeOffset now) =>
        state.Import?.Status == ImportStatus.Cancelled ? state : To(state, id, operation, now, ImportStatus.Cancelled);

    public static ImportState Run(ImportState state, DateTimeOffset now) => state with
    {
        Import = state.Import! with { Status = ImportStatus.Running, StartedAt = state.Import.StartedAt ?? now },
    };

    /// <summary>The outcomes of the next records are certain.</summary>
    public static ImportState Advance(ImportState state, IReadOnlyCollection<RecordOutcome> outcomes)
    {
        var import = state.Import!;
        return state with
        {
            Import = import with
            {
                Read = import.Read + outcomes.Count,
                Created = import.Created + outcomes.Count(outcome => outcome.Book == ImportOutcome.Created),
                Updated = import.Updated + outcomes.Count(outcome => outcome.Book == ImportOutcome.Updated),
                Unchanged = import.Unchanged + outcomes.Count(outcome => outcome.Book == ImportOutcome.Unchanged),
                Skipped = import.Skipped + outcomes.Count(outcome => outcome.Skipped is not null),
                Failed = import.Failed + outcomes.Count(outcome => outcome.Failure is not null),
                Warnings = import.Warnings + outcomes.Sum(outcome => outcome.Warnings.Length),
            },
        };
    }

    public static ImportState Finish(ImportState state, DateTimeOffset now) => state with
    {
        Import = state.Import! with { Status = ImportStatus.Done, FinishedAt = now },
    };

    public static ImportState Fail(ImportState state, string problem, DateTimeOffset now) => state with
    {
        Import = state.Import! with { Status = ImportStatus.Failed, FinishedAt = now, Problem = problem },
    };

    private static Result<ImportState> To(
        ImportState state, ImportId id, Operation operation, DateTimeOffset now, ImportStatus status)
    {
        if (Unfinished(state, id) is { IsAccepted: false } refusal)
        {
            return refusal;
        }

        var import = state.Import!;
        return import.Status == status
            ? state
            : (state with
            {
                Import = import with { Status = status, FinishedAt = status == ImportStatus.Cancelled ? now : null },
            }).Stamped(operation, now);
    }

    private static Result<ImportState> Unfinished(ImportState state, ImportId id) => state.Import switch
    {
        null => ImportRejections.Unknown(id),
        { IsUnfinished: false } => ImportRejections.Finished,
        _ => state,
    };
}

/// <summary>What became of one record: a book, or a note why not.</summary>
internal sealed record RecordOutcome(ImportOutcome? Book, ImportNote? Skipped, ImportNote? Failure, ImportNote[] Warnings);
