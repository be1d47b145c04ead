using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Lendings;

/// <summary>One lending: active, returned or void. Only the reader's account changes it.</summary>
[Alias("lms.lending-grain")]
public interface ILendingGrain : IGrainWithStringKey
{
    /// <summary>Commits the lending unless it was made void first. Whichever is stored first wins for ever.</summary>
    [Alias("open")]
    Task<Result<Lending>> OpenAsync(OpenLending command, CancellationToken cancellationToken = default);

    /// <summary>Makes the number void unless the lending was opened first; then answers the lending.</summary>
    [Alias("void")]
    Task<Result<Lending>> VoidAsync(Operation operation, CancellationToken cancellationToken = default);

    [Alias("close")]
    Task<Result<Lending>> CloseAsync(CloseLending command, CancellationToken cancellationToken = default);

    [Alias("get"), ReadOnly]
    Task<Result<Lending>> GetAsync(CancellationToken cancellationToken = default);
}
