using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lms.ServiceDefaults;

/// <summary>A setting that cannot be meant. Its message is for whoever started the process.</summary>
public sealed class WrongSettingException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Judges all options now: the host, which would do it later, reports a stack trace instead of a sentence.</summary>
    public static void ThrowIfAny(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
        }
        catch (Exception exception) when (Messages(exception) is { } messages)
        {
            throw new WrongSettingException($"Wrong configuration: {string.Join(' ', messages)}", exception);
        }
    }

    // What the binder cannot convert is an InvalidOperationException whose message names the key.
    private static IEnumerable<string>? Messages(Exception exception) => exception switch
    {
        OptionsValidationException invalid => invalid.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(one => Messages(one) ?? [one.Message]),
        InvalidOperationException => [exception.Message],
        _ => null,
    };
}
