using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Tests;

/// <summary>JSON of a type in which every member says something. Always the same.</summary>
internal static class Sample
{
    private static readonly Dictionary<Type, JsonNode> s_values = new()
    {
        [typeof(string)] = "texto",
        [typeof(bool)] = true,
        [typeof(int)] = 7,
        [typeof(long)] = 5_000_000_000,
        [typeof(Guid)] = "a9280b1e-7562-416f-a0c0-3a7713ea33f7",
        [typeof(DateOnly)] = "2026-01-20",
        [typeof(DateTimeOffset)] = "2026-01-05T09:00:00+00:00",
        [typeof(TimeSpan)] = "00:05:00",
        [typeof(byte[])] = "AQID",
        [typeof(AuthorNumber)] = "12",
        [typeof(Barcode)] = "C-2",
        [typeof(GenreName)] = "romance",
        [typeof(ImportId)] = "0f8fad5bd9cb469fa16570867728950e",
        [typeof(Isbn)] = "9780306406157",
        [typeof(LendingNumber)] = "2026/2",
        [typeof(ReaderNumber)] = "2026/1",
        [typeof(UserId)] = "7",
        [typeof(Username)] = "ana@example.org",
    };

    public static JsonNode Of(Type type, Func<Type, JsonTypeInfo> describe) => describe(type) switch
    {
        { Kind: JsonTypeInfoKind.Object } known => new JsonObject(known.Properties
            .Where(member => member.Set is not null)
            .Select(member => KeyValuePair.Create(member.Name, (JsonNode?)Of(member.PropertyType, describe)))),
        { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } => new JsonArray(Of(element, describe)),
        _ => Value(Nullable.GetUnderlyingType(type) ?? type),
    };

    private static JsonNode Value(Type type) => type.IsEnum
        ? JsonValue.Create(Convert.ToInt32(type.GetEnumValues().GetValue(type.GetEnumValues().Length - 1), null))
        : s_values.GetValueOrDefault(type)?.DeepClone() ?? throw new NotSupportedException($"{type} needs an example in {nameof(Sample)}.");
}
