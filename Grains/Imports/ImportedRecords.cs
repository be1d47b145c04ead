using System.Buffers.Binary;
using System.Security.Cryptography;
using Lms.Catalogue;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Abstractions.Users;
using Microsoft.Extensions.Logging;

namespace Lms.Grains.Imports;

/// <summary>Makes books of the records of one batch, many at a time.</summary>
/// <remarks>
/// Each record is one operation, named by import and place in the file. Records of one batch that share an ISBN or a local
/// number take their turn in the order of the file; all others overtake each other.
/// </remarks>
internal sealed partial class ImportedRecords(
    IGrainFactory grains, CatalogueOptions options, ImportPace pace, ILogger<ImportedRecords> logger)
{
    private const int MaxDetail = 500;

    public async Task<RecordOutcome[]> ApplyAsync(
        ImportId import, UserId? by, IReadOnlyList<CatalogueReading> readings, CancellationToken cancellationToken)
    {
        var before = new Dictionary<string, Task>(StringComparer.Ordinal);
        var genres = new Dictionary<GenreName, Task>();
        var outcomes = new List<Task<RecordOutcome>>(readings.Count);
        foreach (var reading in readings)
        {
            var keys = Keys(reading).ToList();
            var predecessors = keys.Select(key => before.GetValueOrDefault(key)).OfType<Task>().ToList();
            var outcome = ApplyAsync(reading, import, by, genres, predecessors, cancellationToken);
            keys.ForEach(key => before[key] = outcome);
            outcomes.Add(outcome);
        }

        return await Task.WhenAll(outcomes);
    }

    private async Task<RecordOutcome> ApplyAsync(
        CatalogueReading reading,
        ImportId import,
        UserId? by,
        Dictionary<GenreName, Task> genres,
        List<Task> predecessors,
        CancellationToken cancellationToken)
    {
        var warnings = reading.Warnings.Select(warning => Note(reading, warning)).ToList();
        if (reading.Book is not { } book)
        {
            return new(
                Book: null,
                reading.Skipped is { } skipped ? Note(reading, skipped) : null,
                reading.Failure is { } failure ? Note(reading, failure) : null,
                [.. warnings]);
        }

        await Task.WhenAll(predecessors);
        try
        {
            var operation = new Operation(OperationId(import, reading.Number), by);
            var outcome = await pace.RunAsync(() => ApplyAsync(reading, book, operation, import, genres, warnings, cancellationToken));
            return new(outcome, Skipped: null, Failure: null, [.. warnings]);
        }
        catch (GrainFault fault) when (!fault.IsRetryable)
        {
            // A defect that this record meets: repeating it would stop the import for ever.
            LogDefect(fault, import, reading.Number);
            return new(
                Book: null, Skipped: null, Note(reading, new("unexpected", $"The record met a defect: {fault.Message}")), [.. warnings]);
        }
    }

    private async Task<ImportOutcome> ApplyAsync(
        CatalogueReading reading,
        CatalogueBook book,
        Operation operation,
        ImportId import,
        Dictionary<GenreName, Task> genres,
        List<ImportNote> warnings,
        CancellationToken cancellationToken)
    {
        var isbn = book.Isbn
            ?? await grains.LocalNumber(book.LocalKey).EnsureAsync(book.LocalNumber, book.Title, cancellationToken);
        var origin = new RecordOrigin(import, book.RecordId, SourceRecords.Hash(book.Source));
        var found = await grains.Book(isbn).FindRecordAsync(operation, origin, cancellationToken);
        if (found.Outcome == ImportOutcome.Unchanged)
        {
            return ImportOutcome.Unchanged;
        }

        if (found.Outcome is not { } outcome)
        {
            var spelling = book.Genre is { } named && GenreName.TryParse(named, out _) ? named : options.DefaultGenre;
            var genre = EnsureGenreAsync(operation, spelling, genres, cancellationToken);
            var authors = await AuthorsAsync(operation, book.Authors, cancellationToken);
            await genre;
            var imported = await grains.Book(found.Isbn).ImportAsync(
                new()
                {
                    Operation = operation,
                    Origin = origin,
                    IsbnAsGiven = book.IsbnAsGiven ?? isbn.ToString(),
                    Title = book.Title,
                    Genre = GenreName.Of(spelling),
                    IsGenreGuessed = book.Genre is null,
                    Authors = authors,
                    AreAuthorsGuessed = book.Authors.Length == 0,
                    Description = book.Description,
                    Details = book.Details,
                    Source = book.Source,
                },
                cancellationToken);
            (found, outcome) = (new(imported.Isbn, imported.Outcome), imported.Outcome);
        }

        foreach (var alias in book.Details.Aliases.Where(alias => alias != found.Isbn))
        {
            if (!await grains.Book(alias).BecomeAliasAsync(operation, found.Isbn, cancellationToken))
            {
                warnings.Add(Note(reading, new("isbn-of-another-book", $"{alias} finds another book than {found.Isbn}.")));
            }
        }

        return outcome;
    }

    private Task EnsureGenreAsync(
        Operation operation, string spelling, Dictionary<GenreName, Task> genres, CancellationToken cancellationToken)
    {
        var name = GenreName.Of(spelling);
        if (!genres.TryGetValue(name, out var ensured))
        {
            genres[name] = ensured = grains.Genre(name).EnsureAsync(new(operation, spelling), cancellationToken);
        }

        return ensured;
    }

    private Task<AuthorNumber[]> AuthorsAsync(Operation operation, string[] names, CancellationToken cancellationToken)
    {
        string[] asked = names.Length == 0 ? [options.UnknownAuthor] : names;
        return Task.WhenAll(asked.Select(name =>
            grains.AuthorName(name).EnsureAsync(operation, name, options.AuthorBio, cancellationToken)));
    }

    private static IEnumerable<string> Keys(CatalogueReading reading) => reading.Book switch
    {
        null => [],
        { Isbn: { } isbn, Details.Aliases: var aliases } => aliases.Append(isbn).Select(key => key.ToString()),
        { LocalKey: var key } => [key],
    };

    private static Guid OperationId(ImportId import, int record)
    {
        Span<byte> bytes = stackalloc byte[20];
        import.Value.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], record);
        return new(SHA256.HashData(bytes).AsSpan(0, 16));
    }

    private static ImportNote Note(CatalogueReading reading, CatalogueProblem problem) =>
        new(reading.Number, reading.Offset, problem.Code, Titles.CutTo(problem.Detail, MaxDetail));

    [LoggerMessage(Level = LogLevel.Error, Message = "Record {Record} of import {Import} met a defect; it counts as failed")]
    private partial void LogDefect(Exception exception, ImportId import, int record);
}
