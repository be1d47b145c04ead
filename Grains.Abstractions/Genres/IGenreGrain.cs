using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Genres;

/// <summary>One genre: the only authority for its existence and spelling.</summary>
[Alias("lms.genre-grain")]
public interface IGenreGrain : IGrainWithStringKey
{
    [Alias("create")]
    Task<Result<Genre>> CreateAsync(CreateGenre command, CancellationToken cancellationToken = default);

    /// <summary>Creates the genre unless it exists.</summary>
    [Alias("ensure")]
    Task<Result<Genre>> EnsureAsync(CreateGenre command, CancellationToken cancellationToken = default);

    [Alias("respell")]
    Task<Result<Genre>> RespellAsync(RespellGenre command, CancellationToken cancellationToken = default);

    /// <summary>No new book may have this genre. Books that have it keep it.</summary>
    [Alias("retire")]
    Task<Result<Genre>> RetireAsync(Operation operation, CancellationToken cancellationToken = default);

    [Alias("get"), ReadOnly]
    Task<Result<Genre>> GetAsync(CancellationToken cancellationToken = default);
}
