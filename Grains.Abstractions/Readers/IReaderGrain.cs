using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Readers;

/// <summary>One reader: the only authority for profile, consents and interests.</summary>
[Alias("lms.reader-grain")]
public interface IReaderGrain : IGrainWithStringKey, IResumable
{
    /// <summary>Drives the registration under this number to the end, through crashes.</summary>
    [Alias("register")]
    Task<Result<Reader>> RegisterAsync(RegisterReader command, CancellationToken cancellationToken = default);

    /// <summary>Drives a change of the reader and of the user behind it to the end, through crashes.</summary>
    [Alias("change")]
    Task<Result<Reader>> ChangeAsync(ChangeReader command, CancellationToken cancellationToken = default);

    [Alias("remove-photo")]
    Task<Result<Reader>> RemovePhotoAsync(Operation operation, CancellationToken cancellationToken = default);

    [Alias("get"), ReadOnly]
    Task<Result<Reader>> GetAsync(CancellationToken cancellationToken = default);
}

/// <summary>Where readers are registered: judges first, so that no number is spent on a refusal.</summary>
[Alias("lms.reader-registration-grain")]
public interface IReaderRegistrationGrain : IGrainWithStringKey
{
    [Alias("register")]
    Task<Result<Reader>> RegisterAsync(RegisterReader command, CancellationToken cancellationToken = default);
}
