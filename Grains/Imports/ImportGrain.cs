using Lms.Catalogue;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;
using Microsoft.Extensions.Logging;

namespace Lms.Grains.Imports;

internal sealed partial class ImportGrain(
    [PersistentState(ImportState.Name, GrainStorage.Name)] IPersistentState<ImportState> storage,
    IUploads uploads,
    Lms.Catalogue.Genres genres,
    ImportedRecords records,
    ImportPace pace,
    ILogger<ImportGrain> logger,
    GrainServices services) : LibraryGrain<ImportState>(storage, services), IImportGrain
{
    /// <summary>Records between two writes of how far the import is, at most: what a crash may repeat.</summary>
    public const int Batch = 100;

    /// <summary>Of those that may be under way together. Meanwhile nobody else has an answer of this grain.</summary>
    private const int Rounds = 4;

    /// <summary>Records that are only passed over, when an import goes on after a crash.</summary>
    private const int MaxSkip = 5000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private IGrainTimer? _timer;
    private IAsyncEnumerator<CatalogueReading>? _file;
    private int _position;
    private List<CatalogueReading> _pending = [];
    private TimeSpan _pause;

    public async Task<Result<Import>> StartAsync(Operation operation, ImportSource source, CancellationToken cancellationToken)
    {
        var started = await DecideAsync(ImportRules.Start(State, this.ImportId, operation, source, Now), cancellationToken);
        await ResumeAsync(cancellationToken);
        return started;
    }

    public Task<Result<Import>> GetAsync(CancellationToken cancellationToken) => Task.FromResult<Result<Import>>(
        State.Import is { } import ? import : ImportRejections.Unknown(this.ImportId));

    public Task<Result<Import>> PauseAsync(Operation operation, CancellationToken cancellationToken) =>
        DecideAsync(ImportRules.Pause(State, this.ImportId, operation, Now), cancellationToken);

    public async Task<Result<Import>> ContinueAsync(Operation operation, CancellationToken cancellationToken)
    {
        var queued = await DecideAsync(ImportRules.Continue(State, this.ImportId, operation, Now), cancellationToken);
        await ResumeAsync(cancellationToken);
        return queued;
    }

    public async Task<Result<Import>> CancelAsync(Operation operation, CancellationToken cancellationToken)
    {
        var cancelled = await DecideAsync(ImportRules.Cancel(State, this.ImportId, operation, Now), cancellationToken);
        if (cancelled.IsAccepted)
        {
            await CloseAsync();
            await uploads.DeleteAsync(cancelled.Value.Source.Upload, cancellationToken);
        }

        return cancelled;
    }

    public Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (HasWork)
        {
            _timer ??= this.RegisterGrainTimer(
                WorkAsync,
                new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = TimeSpan.FromMilliseconds(1), KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    // Whoever asks how far it is wakes it: after a crash nobody waits for the next sweep.
    public override Task OnActivateAsync(CancellationToken cancellationToken) => ResumeAsync(cancellationToken);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        await CloseAsync();

    protected override Projection? Project(long rowVersion) => ImportState.Project(Key, rowVersion, State);

    // Finding it counts, and that everything is shown when it is done; how far it is, the grain tells.
    protected override bool IsListed => State.Import is not { Status: ImportStatus.Running };

    private bool HasWork => State.Import is { Status: ImportStatus.Queued or ImportStatus.Running };

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (!HasWork)
        {
            _timer?.Dispose();
            _timer = null;
            await CloseAsync();
            return;
        }

        try
        {
            await pace.TakeTurnAsync(() => StepAsync(cancellationToken), cancellationToken);
            _pause = TimeSpan.Zero;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Storage or a neighbour is away. What was begun is repeated, harmlessly, until it succeeds.
            _pause = TimeSpan.FromTicks(Math.Min(s_patience.Ticks, Math.Max(_pause.Ticks * 2, TimeSpan.FromSeconds(1).Ticks)));
            LogRetried(exception, this.ImportId, _pause.TotalSeconds);
            _timer?.Change(_pause, TimeSpan.FromMilliseconds(1));
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        if (State.Import!.Status == ImportStatus.Queued)
        {
            await CommitAsync(ImportRules.Run(State, Now), cancellationToken);
        }

        if (_pending.Count == 0 && !await TryReadAsync(cancellationToken))
        {
            return;
        }

        if (_pending.Count == 0)
        {
            await CommitAsync(ImportRules.Finish(State, Now), cancellationToken);
            await uploads.DeleteAsync(State.Import.Source.Upload, cancellationToken);
            return;
        }

        var outcomes = await records.ApplyAsync(this.ImportId, State.CreatedBy, _pending, cancellationToken);
        await WriteNotesAsync(ImportNotes.Failed, State.Import.Failed, [.. outcomes.Select(outcome => outcome.Failure).OfType<ImportNote>()], cancellationToken);
        await WriteNotesAsync(ImportNotes.Skipped, State.Import.Skipped, [.. outcomes.Select(outcome => outcome.Skipped).OfType<ImportNote>()], cancellationToken);
        await WriteNotesAsync(ImportNotes.Warnings, State.Import.Warnings, [.. outcomes.SelectMany(outcome => outcome.Warnings)], cancellationToken);
        await CommitAsync(ImportRules.Advance(State, outcomes), cancellationToken);
        _pending = [];
    }

    // A reader that has thrown says for ever after that it is at its end, so the file is opened again. What cannot be tried
    // again ends the import: the file is gone, or the reader has a defect that would come again and again.
    private async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            var record = _position + 1;
            await CloseAsync();
            var isGone = exception is FileNotFoundException or EndOfStreamException or InvalidDataException;
            if (!isGone && exception is (IOException or OrleansException or TimeoutException or OperationCanceledException))
            {
                throw;
            }

            LogUnreadable(exception, this.ImportId, record);
            var problem = isGone ? "The uploaded file is gone." : $"The file cannot be read beyond record {record}.";
            await CommitAsync(ImportRules.Fail(State, problem, Now), cancellationToken);
            await uploads.DeleteAsync(State.Import!.Source.Upload, cancellationToken);
            return false;
        }
    }

    /// <summary>Reads the next batch into <see cref="_pending"/>; none at the end. False while there is nothing to do yet.</summary>
    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var import = State.Import!;
        if (_file is null)
        {
            var source = import.Source;
            var file = new CatalogueFile(
                async token => await uploads.OpenAsync(source.Upload, token) ?? throw new FileNotFoundException("The upload is gone."),
                new(source.Format, source.Map, source.Name, source.AuthorSeparator),
                genres);
            (_file, _position) = (file.ReadAsync(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None), 0);
        }

        for (var skipped = 0; _position < import.Read; skipped++)
        {
            if (skipped == MaxSkip || !await _file.MoveNextAsync())
            {
                return skipped == MaxSkip ? false : throw new InvalidDataException("The uploaded file is shorter than it was.");
            }

            _position++;
        }

        var size = Math.Min(Batch, Rounds * pace.AtOnce);
        var batch = new List<CatalogueReading>(size);
        while (batch.Count < size && await _file.MoveNextAsync())
        {
            batch.Add(_file.Current);
            _position++;
        }

        _pending = batch;
        return true;
    }

    // Before the cursor moves: a crash in between writes the same notes to the same places again.
    private async Task WriteNotesAsync(ImportNotes kind, int after, ImportNote[] notes, CancellationToken cancellationToken)
    {
        foreach (var page in notes.Index().GroupBy(note => (after + note.Index) / IImportNotesGrain.Size, note => note))
        {
            var first = (after + page.First().Index) % IImportNotesGrain.Size;
            await GrainFactory.ImportNotes(this.ImportId, kind, page.Key)
                .WriteAsync(first, [.. page.Select(note => note.Item)], cancellationToken);
        }
    }

    private async Task CloseAsync()
    {
        if (_file is { } file)
        {
            _file = null;
            _pending = [];
            await file.DisposeAsync();
        }
    }

    private Task<Result<Import>> DecideAsync(Result<ImportState> decision, CancellationToken cancellationToken) =>
        CommitAsync(decision, state => state.Import, cancellationToken);

    [LoggerMessage(Level = LogLevel.Error, Message = "The file cannot be read any further in import {Import}, at record {Record}")]
    private partial void LogUnreadable(Exception exception, ImportId import, int record);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Import {Import} goes on in {Seconds} s")]
    private partial void LogRetried(Exception exception, ImportId import, double seconds);
}

[CollectionAgeLimit(Minutes = 2)]
internal sealed class ImportNotesGrain(
    [PersistentState(ImportNotesState.Name, GrainStorage.Name)] IPersistentState<ImportNotesState> storage,
    GrainServices services) : LibraryGrain<ImportNotesState>(storage, services), IImportNotesGrain
{
    public Task WriteAsync(int after, ImportNote[] notes, CancellationToken cancellationToken) =>
        CommitAsync(State with { Notes = [.. State.Notes.Take(after), .. notes] }, cancellationToken);

    public Task<ImportNote[]> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(State.Notes);
}
