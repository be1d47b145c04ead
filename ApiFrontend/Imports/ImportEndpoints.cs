using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Imports;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Lms.ApiFrontend.Imports;

internal static class ImportEndpoints
{
    private const int MaxParameter = 1000;

    public static void MapImports(this IEndpointRouteBuilder api)
    {
        var imports = api.MapGroup("/imports").WithTags("Imports");

        imports.MapPost("", StartAsync).WithName("StartImport").For(Roles.Librarian)
            .WithSummary("Imports a catalogue file of at most 1 GiB: MARC21, MARCXML or CSV, zipped by gzip or not.")
            .WithMetadata(new RequestSizeLimitAttribute(UploadedFile.MaxBytes), new StreamedBody())
            .Accepts<byte[]>("*/*", "multipart/form-data")
            .Answers<ImportView>(202).RefusesWithProblem(400, 413, 415, 422);
        imports.MapGet("", ListAsync).WithName("ListImports").For(Roles.Librarian)
            .WithSummary("All imports, the newest first.")
            .Answers<Paged<ImportView>>().RefusesWithProblem(400);
        imports.MapGet("/{id}", GetAsync).WithName("GetImport").For(Roles.Librarian)
            .WithSummary("One import and how far it is.")
            .Answers<ImportView>().RefusesWithProblem(404);
        imports.MapDelete("/{id}", CancelAsync).WithName("CancelImport").For(Roles.Librarian)
            .WithSummary("Cancels an import for good. What was imported stays.")
            .Answers<ImportView>().RefusesWithProblem(404, 409, 422);
        imports.MapPost("/{id}/pause", PauseAsync).WithName("PauseImport").For(Roles.Librarian)
            .WithSummary("Stops an import until it is resumed.")
            .Answers<ImportView>().RefusesWithProblem(404, 409, 422);
        imports.MapPost("/{id}/resume", ResumeAsync).WithName("ResumeImport").For(Roles.Librarian)
            .WithSummary("Goes on with a paused import.")
            .Answers<ImportView>().RefusesWithProblem(404, 409, 422);
        imports.MapGet("/{id}/failures", ListFailuresAsync).WithName("ListImportFailures").For(Roles.Librarian)
            .WithSummary("Records that failed, or with kind=skipped or kind=warnings what else happened, in the order of the file.")
            .Answers<Paged<ImportNoteView>>().RefusesWithProblem(400, 404);
    }

    /// <param name="format">auto, marc21, marcxml or csv.</param>
    /// <param name="map">Columns of a CSV file, such as title=Book Name;isbn=EAN.</param>
    /// <param name="source">Whose records these are, when they do not say it themselves.</param>
    /// <param name="authorSeparator">What stands between two authors in a cell of a CSV file.</param>
    private static async Task<IResult> StartAsync(
        string? format,
        string? map,
        string? source,
        string? authorSeparator,
        HttpContext http,
        IUploads uploads,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        CancellationToken cancellationToken)
    {
        if (!ImportView.TryParse(format, out var claimed))
        {
            return Problems.Invalid("format-unknown", "The format is auto, marc21, marcxml or csv.", "format");
        }

        if (map?.Length > MaxParameter || source?.Length > MaxParameter || authorSeparator?.Length is 0 or > 10)
        {
            return Problems.Invalid("parameter-too-long", "A parameter is empty or too long.");
        }

        var (file, refusal) = await UploadedFile.StoreAsync(http.Request, uploads, cancellationToken);
        if (file is null)
        {
            return refusal!;
        }

        var keepsFile = false;
        try
        {
            var head = await file.ReadHeadAsync(uploads, claimed, map, cancellationToken);
            if (head.Format is not { } found)
            {
                return head.IsUnknownType
                    ? Problems.Problem(StatusCodes.Status415UnsupportedMediaType, "file-type-unknown", head.Problem!)
                    : Problems.Invalid("file-invalid", head.Problem!, "file");
            }

            StreamedBody.SetDigest(http, file.Digest);
            return await commands.RunAsync(
                http,
                async context =>
                {
                    var id = ImportId.Of(await context.ReserveAsync(ImportId.New().ToString()));
                    keepsFile = true; // whatever happens now, the import may have begun
                    var started = await calls.WriteAsync(
                        grains.Import(id),
                        (grain, token) => grain.StartAsync(
                            context.Operation,
                            new(file.Name, found, file.FileName, map, string.IsNullOrWhiteSpace(source) ? null : source.Trim(), authorSeparator),
                            token),
                        cancellationToken);
                    keepsFile = started.Value?.Source.Upload == file.Name;
                    return started;
                },
                import => import.Id.ToString(),
                id => LoadAsync(ImportId.Of(id), grains, calls, cancellationToken),
                import => Task.FromResult<IResult>(import.IsAccepted ? Accepted(http, import.Value) : Problems.Of(import.Rejection)));
        }
        finally
        {
            if (!keepsFile)
            {
                await uploads.DeleteAsync(file.Name, CancellationToken.None);
            }
        }
    }

    private static async Task<IResult> ListAsync(
        int? page, int? limit, ImportQueries imports, IGrainFactory grains, GrainCalls calls, CancellationToken cancellationToken)
    {
        if (PageQuery.Of(page, limit) is not var (number, size, offset))
        {
            return Problems.Invalid("page-invalid", "page is at least 1, limit is from 1 to 100.", "page");
        }

        var found = await imports.ListAsync(offset, size, cancellationToken);
        var loaded = await Task.WhenAll(found.Items.Select(id => LoadAsync(ImportId.Of(id), grains, calls, cancellationToken)));
        return TypedResults.Json(new Paged<ImportView>(
            [.. loaded.Where(import => import.IsAccepted).Select(import => ImportView.From(import.Value!))], number, size, found.Total));
    }

    private static async Task<IResult> GetAsync(
        string id, IGrainFactory grains, GrainCalls calls, CancellationToken cancellationToken) =>
        Answer(await LoadAsync(id, grains, calls, cancellationToken));

    private static Task<IResult> CancelAsync(
        string id, HttpContext http, IGrainFactory grains, GrainCalls calls, Commands commands, CancellationToken cancellationToken) =>
        CommandAsync(id, http, grains, calls, commands, (grain, operation, token) => grain.CancelAsync(operation, token), cancellationToken);

    private static Task<IResult> PauseAsync(
        string id, HttpContext http, IGrainFactory grains, GrainCalls calls, Commands commands, CancellationToken cancellationToken) =>
        CommandAsync(id, http, grains, calls, commands, (grain, operation, token) => grain.PauseAsync(operation, token), cancellationToken);

    private static Task<IResult> ResumeAsync(
        string id, HttpContext http, IGrainFactory grains, GrainCalls calls, Commands commands, CancellationToken cancellationToken) =>
        CommandAsync(id, http, grains, calls, commands, (grain, operation, token) => grain.ContinueAsync(operation, token), cancellationToken);

    private static async Task<IResult> ListFailuresAsync(
        string id,
        string? kind,
        int? page,
        int? limit,
        IGrainFactory grains,
        GrainCalls calls,
        CancellationToken cancellationToken)
    {
        if (PageQuery.Of(page, limit) is not var (number, size, offset))
        {
            return Problems.Invalid("page-invalid", "page is at least 1, limit is from 1 to 100.", "page");
        }

        ImportNotes? notes = kind switch
        {
            null or "failed" => ImportNotes.Failed,
            "skipped" => ImportNotes.Skipped,
            "warnings" => ImportNotes.Warnings,
            _ => null,
        };
        if (notes is not { } wanted)
        {
            return Problems.Invalid("kind-unknown", "The kind is failed, skipped or warnings.", "kind");
        }

        var loaded = await LoadAsync(id, grains, calls, cancellationToken);
        if (loaded.Value is not { } import)
        {
            return Problems.Of(loaded.Rejection!);
        }

        var total = wanted switch
        {
            ImportNotes.Failed => import.Failed,
            ImportNotes.Skipped => import.Skipped,
            _ => import.Warnings,
        };
        var last = Math.Min(offset + size, total);
        var items = new List<ImportNoteView>(size);
        for (var first = offset - (offset % IImportNotesGrain.Size); first < last; first += IImportNotesGrain.Size)
        {
            var stored = await calls.ReadAsync(
                grains.ImportNotes(import.Id, wanted, first / IImportNotesGrain.Size),
                (grain, token) => grain.ReadAsync(token),
                cancellationToken);
            items.AddRange(stored
                .Take(last - first).Skip(Math.Max(offset - first, 0)).Select(ImportNoteView.From));
        }

        return TypedResults.Json(new Paged<ImportNoteView>(items, number, size, total));
    }

    private static async Task<IResult> CommandAsync(
        string id,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        Func<IImportGrain, Operation, CancellationToken, Task<Result<Import>>> command,
        CancellationToken cancellationToken)
    {
        if (!ImportId.TryParse(id, out var key))
        {
            return Unknown();
        }

        return await commands.RunAsync(
            http,
            context => calls.WriteAsync(
                grains.Import(key), (grain, token) => command(grain, context.Operation, token), cancellationToken),
            import => import.Id.ToString(),
            _ => LoadAsync(key, grains, calls, cancellationToken),
            import => Task.FromResult(Answer(import)));
    }

    private static async Task<Result<Import>> LoadAsync(
        string id, IGrainFactory grains, GrainCalls calls, CancellationToken cancellationToken) => ImportId.TryParse(id, out var key)
            ? await LoadAsync(key, grains, calls, cancellationToken)
            : ImportRejections.Unknown(default);

    private static Task<Result<Import>> LoadAsync(
        ImportId id, IGrainFactory grains, GrainCalls calls, CancellationToken cancellationToken) =>
        calls.ReadAsync(grains.Import(id), (grain, token) => grain.GetAsync(token), cancellationToken);

    private static JsonHttpResult<ImportView> Accepted(HttpContext http, Import import)
    {
        http.Response.Headers.Location = Links.Of(http).Import(import.Id);
        return TypedResults.Json(ImportView.From(import), statusCode: StatusCodes.Status202Accepted);
    }

    private static IResult Answer(Result<Import> import) =>
        import.IsAccepted ? TypedResults.Json(ImportView.From(import.Value)) : Problems.Of(import.Rejection);

    private static IResult Unknown() => Problems.Of(ImportRejections.Unknown(default));
}
