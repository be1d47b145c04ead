using System.Collections.Concurrent;

namespace Lms.Chart.Tests;

/// <summary>Renders that several tests look at.</summary>
internal static class RenderedOnce
{
    private static readonly ConcurrentDictionary<string, Task<Rendered>> s_all = new(StringComparer.Ordinal);

    public static Task<Rendered> OfAsync(string name, string[] arguments) => s_all.GetOrAdd(name, _ => Helm.RenderAsync(arguments));
}
