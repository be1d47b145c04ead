using Lms.Grains.Abstractions.Readers;
using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Lendings;

/// <summary>One physical copy: the only authority for who has it, nobody or exactly one lending.</summary>
[Alias("lms.copy-grain")]
public interface ICopyGrain : IGrainWithStringKey
{
    [Alias("register")]
    Task<Result<Copy>> RegisterAsync(RegisterCopy command, CancellationToken cancellationToken = default);

    /// <summary>Gives the copy to a lending. Refused when another lending has it, or when this lending gave it back before.</summary>
    [Alias("take")]
    Task<Result<Copy>> TakeAsync(LendingNumber lending, ReaderNumber reader, CancellationToken cancellationToken = default);

    /// <summary>Takes the copy back from a lending; from now on a late take of that lending is refused.</summary>
    [Alias("release")]
    Task ReleaseAsync(LendingNumber lending, CancellationToken cancellationToken = default);

    [Alias("change")]
    Task<Result<Copy>> ChangeAsync(ChangeCopy command, CancellationToken cancellationToken = default);

    [Alias("withdraw")]
    Task<Result<Copy>> WithdrawAsync(Operation operation, CancellationToken cancellationToken = default);

    [Alias("get"), ReadOnly]
    Task<Result<Copy>> GetAsync(CancellationToken cancellationToken = default);
}

/// <summary>The copies of one book: the only authority for which ones there are.</summary>
[Alias("lms.holdings-grain")]
public interface IHoldingsGrain : IGrainWithStringKey, IResumable
{
    [Alias("add")]
    Task<Result<Copy>> AddAsync(AddCopy command, CancellationToken cancellationToken = default);

    [Alias("withdraw")]
    Task<Result<Copy>> WithdrawAsync(Operation operation, Barcode barcode, CancellationToken cancellationToken = default);

    [Alias("get"), ReadOnly]
    Task<Holdings> GetAsync(CancellationToken cancellationToken = default);
}
