namespace Lms.Grains.Abstractions.Authors;

/// <summary>A name, whatever its spelling, and the one author whom imports know by it.</summary>
[Alias("lms.author-name-grain")]
public interface IAuthorNameGrain : IGrainWithStringKey
{
    /// <summary>The author of the name: the one who has it, else a new one. The same for ever.</summary>
    /// <param name="operation">Under which a new author is made.</param>
    /// <param name="name">A spelling of the name.</param>
    /// <param name="bio">Of a new author.</param>
    /// <param name="cancellationToken">Honoured between writes.</param>
    [Alias("ensure")]
    Task<AuthorNumber> EnsureAsync(Operation operation, string name, string bio, CancellationToken cancellationToken = default);
}
