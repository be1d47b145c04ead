namespace Lms.Grains.Abstractions.Books;

/// <summary>A record without ISBN, and the number that the library gave its book.</summary>
[Alias("lms.local-number-grain")]
public interface ILocalNumberGrain : IGrainWithStringKey
{
    /// <summary>The number of the record: the same for ever, so that importing it again finds its book.</summary>
    /// <param name="wanted">What another library gave the book; taken when no book has it here.</param>
    /// <param name="cancellationToken">Honoured between writes.</param>
    [Alias("ensure")]
    Task<Isbn> EnsureAsync(Isbn? wanted, CancellationToken cancellationToken = default);
}
