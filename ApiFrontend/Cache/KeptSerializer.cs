using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Serialization;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace Lms.ApiFrontend.Cache;

/// <summary>
/// What gateways share, as JSON around values in the form in which grains send them: so gateways of two releases understand each
/// other as they understand the same grain.
/// </summary>
internal sealed class KeptSerializer : IFusionCacheSerializer
{
    private readonly JsonSerializerOptions _options;

    public KeptSerializer(Serializer serializer) => _options = new() { Converters = { new KeptConverterFactory(serializer) } };

    public byte[] Serialize<T>(T? obj) => JsonSerializer.SerializeToUtf8Bytes(obj, _options);

    public T? Deserialize<T>(byte[] data) => JsonSerializer.Deserialize<T>(data, _options);

    public ValueTask<byte[]> SerializeAsync<T>(T? obj, CancellationToken token = default) => new(Serialize(obj));

    public ValueTask<T?> DeserializeAsync<T>(byte[] data, CancellationToken token = default) => new(Deserialize<T>(data));

    private sealed class KeptConverterFactory(Serializer serializer) : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Kept<>);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(
                typeof(KeptConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()), serializer)!;
    }

    private sealed class KeptConverter<T>(Serializer serializer) : JsonConverter<Kept<T>>
        where T : class
    {
        public override Kept<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var form = JsonSerializer.Deserialize<Form>(ref reader, options)!;
            return new(serializer.Deserialize<T>(form.Value)!, form.Version, form.AsOf, form.IsFromReadModel) { SharedAt = form.SharedAt };
        }

        public override void Write(Utf8JsonWriter writer, Kept<T> value, JsonSerializerOptions options) => JsonSerializer.Serialize(
            writer,
            new Form(serializer.SerializeToArray(value.Answer.Value!), value.Version, value.AsOf, value.IsFromReadModel, value.SharedAt),
            options);
    }

    private sealed record Form(byte[] Value, int Version, DateTimeOffset AsOf, bool IsFromReadModel, DateTimeOffset SharedAt);
}
