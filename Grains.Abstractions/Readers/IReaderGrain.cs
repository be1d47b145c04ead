using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Readers;

/// <summary>One reader: the only authority for profile, consents and interests.</summary>
[Alias("lms.reader-grain")]
public interface IReaderGrain : IGrainWithStringKey, IResumable
{
    [Alias("create")]
    Task<Result<Reader>> CreateAsync(CreateReader command, CancellationToken cancellationToken = default);

    /// <summary>Drives a change of the reader and of the user behind it to the end, through crashes.</summary>
    [Alias("change")]
    Task<Result<Reader>> ChangeAsync(ChangeReader command, CancellationToken cancellationToken = default);

    [Alias("remove-photo")]
    Task<Result<Reader>> RemovePhotoAsync(Operation operation, CancellationToken cancellationToken = default);

    [Alias("get"), ReadOnly]
    Task<Result<Reader>> GetAsync(CancellationToken cancellationToken = default);
}
