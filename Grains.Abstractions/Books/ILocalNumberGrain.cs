namespace Lms.Grains.Abstractions.Books;

/// <summary>A record without ISBN, and the number that the library gave its book.</summary>
[Alias("lms.local-number-grain")]
public interface ILocalNumberGrain : IGrainWithStringKey
{
    /// <summary>The number of the record: the same for ever, so that importing it again finds its book.</summary>
    /// <param name="wanted">What a library gave the book; taken when no other book has it here.</param>
    /// <param name="title">Tells whether the book that has the wanted number here is another one.</param>
    /// <param name="cancellationToken">Honoured between writes.</param>
    [Alias("ensure")]
    Task<Isbn> EnsureAsync(Isbn? wanted, string title, CancellationToken cancellationToken = default);
}
