using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lms.Grains.Abstractions;

/// <summary>A value with one text form, which is also how states store it.</summary>
public interface IText<T> where T : IText<T>
{
    /// <summary>Reads text that this system wrote; throws <see cref="FormatException"/> for anything else.</summary>
    static abstract T Of(string text);
}

/// <summary>Stores an <see cref="IText{T}"/> as a JSON string.</summary>
public sealed class TextConverter<T> : JsonConverter<T> where T : IText<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        T.Of(reader.GetString() ?? throw new JsonException("A text is missing."));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }
}
