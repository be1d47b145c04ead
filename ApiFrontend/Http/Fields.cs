using System.Reflection;
using System.Text.Json;
using Lms.Grains.Abstractions.Photos;
using Microsoft.Extensions.Primitives;

namespace Lms.ApiFrontend.Http;

/// <summary>The fields of a form, or of a JSON object that says the same.</summary>
internal sealed class Fields
{
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = RequestLimits.MaxJsonDepth };

    private readonly Dictionary<string, StringValues> _values;

    private Fields(Dictionary<string, StringValues> values, IFormFile? file) => (_values, File) = (values, file);

    /// <summary>The part called <c>photo</c>.</summary>
    public IFormFile? File { get; }

    /// <summary>Reads forms and JSON; throws <see cref="BadHttpRequestException"/> for what is neither.</summary>
    public static async ValueTask<Fields?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        _ = parameter;
        var request = context.Request;
        if (request.HasFormContentType)
        {
            return await OfFormAsync(request, context.RequestAborted);
        }

        if (request.HasJsonContentType())
        {
            return await OfJsonAsync(request, context.RequestAborted);
        }

        return string.IsNullOrEmpty(request.ContentType)
            ? new([], file: null)
            : throw new BadHttpRequestException("Send a form or JSON.", StatusCodes.Status415UnsupportedMediaType);
    }

    /// <summary>The text of a field; null when it is not given.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out var values) ? values.LastOrDefault() : null;

    /// <summary>All values of <c>name</c> and <c>name[]</c>; null when neither is given.</summary>
    public string[]? List(string name)
    {
        var found = _values.TryGetValue(name, out var plain);
        found |= _values.TryGetValue(name + "[]", out var bracketed);
        return found ? [.. StringValues.Concat(plain, bracketed).OfType<string>().Where(value => value.Length > 0)] : null;
    }

    /// <summary>True for "true", whatever the letter case.</summary>
    public bool Flag(string name) => string.Equals(Text(name), "true", StringComparison.OrdinalIgnoreCase);

    private static async Task<Fields> OfFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw new BadHttpRequestException("The form is broken or too large.", exception);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The form is broken.", exception);
        }

        return new(form.ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal), form.Files.GetFile("photo"));
    }

    private static async Task<Fields> OfJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, s_json, cancellationToken);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new BadHttpRequestException("The body is not a JSON object.");
            }

            var values = new Dictionary<string, StringValues>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Value.ValueKind != JsonValueKind.Null)
                {
                    values[member.Name] = Values(member.Value);
                }
            }

            return new(values, file: null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException) // or half a surrogate pair
        {
            throw new BadHttpRequestException("The body is not JSON.", exception);
        }
    }

    private static StringValues Values(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => new StringValues(element.EnumerateArray().Select(Value).ToArray()),
        _ => Value(element),
    };

    private static string Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw new BadHttpRequestException("A field is neither a text, a number nor a list of these."),
    };
}

/// <summary>Photos as they come in: PNG or JPEG by content, never by name.</summary>
internal static class UploadedPhoto
{
    public const string NotAPhoto = "A photo is a PNG or JPEG image of at most 20000 bytes.";

    /// <summary>The photo of a form, null when there is none; false when there is one that is refused.</summary>
    public static async Task<(bool IsGood, Photo? Photo)> ReadAsync(Fields fields, CancellationToken cancellationToken)
    {
        if (fields.File is not { Length: > 0 } file)
        {
            return (true, null);
        }

        if (file.Length > Photo.MaxBytes)
        {
            return (false, null);
        }

        var content = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(content, cancellationToken);
        return TypeOf(content) is { } type ? (true, new Photo(content, type)) : (false, null);
    }

    private static string? TypeOf(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
        ReadOnlySpan<byte> jpeg = [0xFF, 0xD8, 0xFF];
        return content.StartsWith(png) ? "image/png" : content.StartsWith(jpeg) ? "image/jpeg" : null;
    }
}
