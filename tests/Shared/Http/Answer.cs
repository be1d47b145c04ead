using System.Text;
using System.Text.Json;

namespace Lms.Tests.Shared;

public sealed record Answer(string Request, int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? ContentType => Header("Content-Type")?.Split(';')[0].Trim();

    public string ETag => Header("ETag") ?? throw new InvalidOperationException($"No ETag.\n{this}");

    public string Location => Header("Location") ?? throw new InvalidOperationException($"No Location.\n{this}");

    public JsonElement Json
    {
        get
        {
            try
            {
                using var document = JsonDocument.Parse(Body);
                return document.RootElement.Clone();
            }
            catch (JsonException notJson)
            {
                throw new InvalidOperationException($"Not JSON.\n{this}", notJson);
            }
        }
    }

    public IReadOnlyList<JsonElement> Items => [.. Json.GetProperty("items").EnumerateArray()];

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public override string ToString() =>
        $"{Request} -> {Status} {ContentType}\n{(Text.Length > 2_000 ? Text[..2_000] : Text)}";

    internal static async Task<Answer> FromAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri}";
        return new Answer(request, (int)response.StatusCode, headers, body);
    }
}

internal static class JsonReading
{
    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static bool IsNull(this JsonElement element, string name) =>
        element.GetProperty(name).ValueKind == JsonValueKind.Null;

    public static IEnumerable<string> Names(this JsonElement element) =>
        element.EnumerateObject().Select(property => property.Name);

    /// <summary>Every text in the document, whatever its place: for sentences whose place is not settled.</summary>
    public static IEnumerable<string> AllTexts(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => property.Value.AllTexts()),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(AllTexts),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };
}
