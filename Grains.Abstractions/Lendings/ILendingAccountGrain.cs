namespace Lms.Grains.Abstractions.Lendings;

/// <summary>A reader's open lendings. Everything that changes a lending enters here.</summary>
[Alias("lms.account-grain")]
public interface ILendingAccountGrain : IGrainWithStringKey, IResumable
{
    /// <summary>Lends a book: at most three open lendings, none while one is late.</summary>
    [Alias("lend")]
    Task<Result<Lending>> LendAsync(LendBook command, CancellationToken cancellationToken = default);

    [Alias("return")]
    Task<Result<Lending>> ReturnAsync(ReturnBook command, CancellationToken cancellationToken = default);

    /// <summary>Takes over lendings that were made elsewhere; repeating it changes nothing more.</summary>
    [Alias("load")]
    Task LoadAsync(LoadLendings command, CancellationToken cancellationToken = default);
}
