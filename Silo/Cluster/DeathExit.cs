using System.Diagnostics;

namespace Lms.Silo.Cluster;

/// <summary>
/// Ends the process of a silo that the others have declared dead, at once: every moment that it lives on, it may work on
/// what is no longer its own. What it had acknowledged is stored; whatever supervises it starts it again.
/// </summary>
internal sealed class DeathExit : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        // Loggers write in the background; there is no time for that.
        Console.Error.WriteLine($"This silo ends: {context} {exception}");
        using var process = Process.GetCurrentProcess();
        process.Kill();
    }
}
