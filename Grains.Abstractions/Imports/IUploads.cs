namespace Lms.Grains.Abstractions.Imports;

/// <summary>Files that clients have sent and that silos read: stored whole before anybody works on them.</summary>
public interface IUploads
{
    /// <summary>Stores what the stream holds, safe from a crash when it returns. Leaves nothing when it throws.</summary>
    /// <param name="name">Of the caller's making: letters, digits and hyphens.</param>
    /// <param name="content">Read to its end.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task StoreAsync(string name, Stream content, CancellationToken cancellationToken = default);

    /// <summary>Opens an upload from its beginning; null when there is none.</summary>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Does nothing when there is none.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken = default);
}
