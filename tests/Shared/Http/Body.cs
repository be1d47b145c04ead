using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Lms.Tests.Shared;

/// <summary>What clients send: JSON, multipart and urlencoded forms, and whatever else comes over the wire.</summary>
internal static class Body
{
    public static HttpContent Json(object? value) => Raw(JsonSerializer.Serialize(value), "application/json");

    public static HttpContent Raw(string text, string mediaType) =>
        new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue(mediaType));

    public static HttpContent Form(params (string Name, string Value)[] fields) => Form(null, fields);

    public static HttpContent Form(Photo? photo, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            var part = new StringContent(value, Encoding.UTF8);
            part.Headers.ContentType = null;
            form.Add(part, $"\"{name}\"");
        }

        if (photo is not null)
        {
            var part = new ByteArrayContent(photo.Bytes);
            part.Headers.ContentType = new MediaTypeHeaderValue(photo.ContentType);
            form.Add(part, "\"photo\"", $"\"{photo.FileName}\"");
        }

        return form;
    }

    /// <summary>The query of the reports between two days.</summary>
    public static string Days(DateOnly start, DateOnly end) => $"startDate={start:yyyy-MM-dd}&endDate={end:yyyy-MM-dd}";

    public static HttpContent Encoded(params (string Name, string Value)[] fields) => new FormUrlEncodedContent(
        fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
}
