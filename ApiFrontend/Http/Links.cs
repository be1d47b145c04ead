using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;

namespace Lms.ApiFrontend.Http;

/// <summary>Absolute addresses, as the client sees the gateway.</summary>
internal sealed class Links(string root)
{
    public static Links Of(HttpContext http) =>
        new($"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}");

    public string Author(AuthorNumber number) => $"{root}/api/authors/{number}";

    public string Book(string isbn) => $"{root}/api/books/{isbn}";

    public string Reader(ReaderNumber number) => $"{root}/api/readers/{number}";

    public string Lending(LendingNumber number) => $"{root}/api/lendings/{number}";

    public string Operation(string id) => $"{root}/api/operations/{id}";

    public string Genre(string name) => $"{root}/api/genres/{Uri.EscapeDataString(name)}";

    public string Import(ImportId id) => $"{root}/api/imports/{id}";

    public string Copy(Barcode barcode) => $"{root}/api/copies/{Uri.EscapeDataString(barcode.Label)}";
}

/// <summary>One link of a list of links.</summary>
internal sealed record Href([property: System.Text.Json.Serialization.JsonPropertyName("href")] string Address);
