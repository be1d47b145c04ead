using System.Security.Claims;
using Lms.ApiFrontend.Genres;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Readers;

namespace Lms.ApiFrontend.Readers;

/// <summary>Readers by number, from the grains that own what a view of a reader shows.</summary>
internal sealed class ReaderReads(
    IGrainFactory grains, GrainCalls calls, GenreReads genres, ReaderQueries queries, ResilienceMetrics metrics)
{
    private static readonly string s_service = LibraryServices.Of(typeof(IReaderGrain))!;

    private static readonly Rejection s_unknown = new(RejectionKind.NotFound, "reader-unknown", "Reader not found");

    public Task<Result<Reader>> GetAsync(ReaderNumber number, CancellationToken cancellationToken) =>
        calls.ReadAsync(grains.Reader(number), (grain, token) => grain.GetAsync(token), cancellationToken);

    /// <summary>The reader of an address; text that is no reader number is a reader that does not exist.</summary>
    public async Task<Result<Reader>> GetAsync(string year, string sequence, CancellationToken cancellationToken) =>
        ReaderNumber.TryParse(year, sequence, out var number)
            ? await GetAsync(number, cancellationToken)
            : s_unknown;

    /// <summary>
    /// Whose profile it is, for lists that need no more: one's own is in the token, those of others the grain knows, and the read model
    /// when it does not answer.
    /// </summary>
    public async Task<Result<ReaderOwner>> OwnerAsync(
        string year, string sequence, ClaimsPrincipal asking, CancellationToken cancellationToken)
    {
        if (!ReaderNumber.TryParse(year, sequence, out var number))
        {
            return s_unknown;
        }

        if (Principal.ReaderOf(asking) == number && Principal.UserOf(asking) is { } own)
        {
            return new ReaderOwner(number, own);
        }

        try
        {
            var reader = await GetAsync(number, cancellationToken);
            return reader.IsAccepted ? new ReaderOwner(number, reader.Value.User) : reader.Rejection;
        }
        catch (Exception fault) when (GrainFaults.IsUnavailable(fault))
        {
            return await FromReadModelAsync(number, cancellationToken) is { } known ? new ReaderOwner(number, new(known.UserId)) : s_unknown;
        }
    }

    /// <summary>The genres that a reader is interested in, folded: as the grain knows them, or the read model when it does not answer.</summary>
    public async Task<Result<string[]>> InterestsAsync(ReaderNumber number, CancellationToken cancellationToken)
    {
        try
        {
            var reader = await GetAsync(number, cancellationToken);
            return reader.IsAccepted ? reader.Value.Interests.Select(interest => interest.Folded).ToArray() : reader.Rejection;
        }
        catch (Exception fault) when (GrainFaults.IsUnavailable(fault))
        {
            return await FromReadModelAsync(number, cancellationToken) is { } known
                ? known.Interests.Select(name => GenreName.Of(name).Folded).ToArray()
                : s_unknown;
        }
    }

    public async Task<ReaderView> ViewAsync(Reader reader, Links links, CancellationToken cancellationToken)
    {
        return ReaderView.From(
            reader, await Task.WhenAll(reader.Interests.Select(name => genres.SpellingAsync(name, cancellationToken))), links);
    }

    private async Task<ReaderSummary?> FromReadModelAsync(ReaderNumber number, CancellationToken cancellationToken)
    {
        var known = await queries.ByNumberAsync(number.ToString(), cancellationToken);
        metrics.FellBack(s_service, Degradation.ReadModel);
        Degradation.Note(Degradation.ReadModel, TimeSpan.Zero);
        return known;
    }
}

/// <summary>A reader, and the user who signs in as this reader.</summary>
internal sealed record ReaderOwner(ReaderNumber Number, UserId User);
