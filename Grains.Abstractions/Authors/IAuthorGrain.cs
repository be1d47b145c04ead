using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Authors;

/// <summary>One author: the only authority for name, bio and photo.</summary>
[Alias("lms.author-grain")]
public interface IAuthorGrain : IGrainWithStringKey
{
    [Alias("create")]
    Task<Result<Author>> CreateAsync(CreateAuthor command, CancellationToken cancellationToken = default);

    [Alias("change")]
    Task<Result<Author>> ChangeAsync(ChangeAuthor command, CancellationToken cancellationToken = default);

    [Alias("remove-photo")]
    Task<Result<Author>> RemovePhotoAsync(Operation operation, CancellationToken cancellationToken = default);

    [Alias("get"), ReadOnly]
    Task<Result<Author>> GetAsync(CancellationToken cancellationToken = default);
}

/// <summary>Judges authors that are yet to be created, for those who must know before they begin.</summary>
[Alias("lms.author-checks-grain")]
public interface IAuthorChecksGrain : IGrainWithStringKey
{
    /// <summary>The refusal that creating such an author would meet; null when there is none.</summary>
    [Alias("check")]
    Task<Rejection?> CheckAsync(string? name, string? bio, CancellationToken cancellationToken = default);
}
