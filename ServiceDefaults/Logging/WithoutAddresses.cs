using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Lms.ServiceDefaults.Logging;

/// <summary>
/// Leaves e-mail addresses out of what is logged, whoever logs it: frameworks name the grains of sign-ins, which are called by them.
/// </summary>
internal sealed partial class WithoutAddresses(ConsoleFormatter inner) : ConsoleFormatter(inner.Name)
{
    /// <summary>Puts itself around every format that the console knows.</summary>
    public static void AddTo(IServiceCollection services)
    {
        foreach (var (index, format) in services.Index().Where(service => service.Item.ServiceType == typeof(ConsoleFormatter)).ToList())
        {
            var type = format.ImplementationType ?? throw new InvalidOperationException("A format of the console is no type.");
            services[index] = ServiceDescriptor.Singleton<ConsoleFormatter>(
                provider => new WithoutAddresses((ConsoleFormatter)ActivatorUtilities.CreateInstance(provider, type)));
        }
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var line = new StringWriter(textWriter.FormatProvider);
        inner.Write(logEntry, scopeProvider, line);
        var text = line.ToString();
        textWriter.Write(text.Contains('@', StringComparison.Ordinal) ? Address().Replace(text, "…@…") : text);
    }

    [GeneratedRegex(@"[\w.%+-]+@[\w-]+(\.[\w-]+)+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Address();
}
