using Lms.ApiFrontend.Genres;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Readers;

namespace Lms.ApiFrontend.Readers;

/// <summary>Readers by number, from the grains that own what a view of a reader shows.</summary>
internal sealed class ReaderReads(IGrainFactory grains, GrainCalls calls, GenreReads genres)
{
    public Task<Result<Reader>> GetAsync(ReaderNumber number, CancellationToken cancellationToken) =>
        calls.ReadAsync(grains.Reader(number), (grain, token) => grain.GetAsync(token), cancellationToken);

    /// <summary>The reader of an address; text that is no reader number is a reader that does not exist.</summary>
    public async Task<Result<Reader>> GetAsync(string year, string sequence, CancellationToken cancellationToken) =>
        ReaderNumber.TryParse(year, sequence, out var number)
            ? await GetAsync(number, cancellationToken)
            : new Rejection(RejectionKind.NotFound, "reader-unknown", "Reader not found");

    public async Task<ReaderView> ViewAsync(Reader reader, Links links, CancellationToken cancellationToken)
    {
        return ReaderView.From(
            reader, await Task.WhenAll(reader.Interests.Select(name => genres.SpellingAsync(name, cancellationToken))), links);
    }
}
