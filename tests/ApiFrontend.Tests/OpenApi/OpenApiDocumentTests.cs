using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lms.ApiFrontend.Tests.Library;

namespace Lms.ApiFrontend.Tests.OpenApi;

// A project is called Catalogue, too.
using Catalogue = Lms.Contract.Tests.Catalogue;

public sealed class OpenApiDocumentTests(LibraryFixture fixture) : GatewayTest
{
    private const string Refresh =
        "LMS_UPDATE_OPENAPI=1 dotnet run --project tests/ApiFrontend.Tests -- -class " + nameof(Lms) + "."
        + nameof(ApiFrontend) + "." + nameof(Tests) + "." + nameof(OpenApi) + "." + nameof(OpenApiDocumentTests);

    private static readonly JsonSerializerOptions s_readable =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Operations => [.. Catalogue.All.Select(operation => operation.Name)];

    [Fact]
    public async Task The_document_in_docs_is_what_the_gateway_says()
    {
        var actual = await DocumentAsync();
        var path = Repository.Path("docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("LMS_UPDATE_OPENAPI") == "1")
        {
            await WriteAsync(path, actual);
        }

        var expected = JsonNode.Parse(File.Exists(path) ? await File.ReadAllTextAsync(path, Token) : "{}");
        if (!JsonNode.DeepEquals(expected, actual))
        {
            await WriteAsync(Repository.Path("artifacts", "openapi.json"), actual);
            Assert.Fail($"docs/openapi.json differs from artifacts/openapi.json. If that is meant: {Refresh}");
        }

        Assert.Null(actual["servers"]);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Every_operation_of_the_contract_is_there_with_every_status(string name)
    {
        var operation = Assert.Contains(name, await OperationsAsync());

        var contract = Catalogue.Find(name);
        int[] expected = [.. contract.Statuses, .. contract.IsPublic ? Array.Empty<int>() : [401, 403]];
        var documented = operation["responses"]!.AsObject().Select(response => response.Key);
        Assert.Empty(expected.Select(status => $"{status}").Except(documented, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_there_that_the_contract_does_not_name()
    {
        var documented = await OperationsAsync();

        Assert.Equal(
            Catalogue.All.Select(operation => operation.Name).Order(StringComparer.Ordinal),
            documented.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task People_can_read_what_each_operation_is_about()
    {
        var operations = await OperationsAsync();

        Assert.Distinct(operations.Values.Select(operation => operation["operationId"]!.GetValue<string>()));
        Assert.All(operations.Values, operation =>
            Assert.EndsWith(".", operation["summary"]?.GetValue<string>(), StringComparison.Ordinal));
        Assert.All(operations.Values, operation => Assert.Single(operation["tags"]!.AsArray()));
    }

    [Fact]
    public async Task Whoever_must_sign_in_is_told()
    {
        var operations = await OperationsAsync();

        Assert.All(operations, operation =>
            Assert.Equal(Catalogue.Find(operation.Key).IsPublic, operation.Value["security"] is null));
    }

    [Fact]
    public async Task Every_write_takes_a_key_and_every_PATCH_a_version()
    {
        var operations = await OperationsAsync();

        Assert.Equal(
            WriteRequests.All.Keys.Order(StringComparer.Ordinal),
            operations.Where(operation => Headers(operation.Value).Contains("Idempotency-Key"))
                .Select(operation => operation.Key).Order(StringComparer.Ordinal));
        Assert.All(operations, operation => Assert.Equal(
            operation.Key.StartsWith("PATCH", StringComparison.Ordinal), Headers(operation.Value).Contains("If-Match")));
    }

    [Theory]
    [InlineData("POST /api/authors", "name", "bio", "photo")]
    [InlineData("PUT /api/books/{}", "title", "genre", "authors", "description", "photo")]
    [InlineData(
        "POST /api/readers",
        "username", "password", "fullName", "birthDate", "phoneNumber", "gdpr", "marketing", "thirdParty", "interestList",
        "photo")]
    public async Task Forms_are_described_field_by_field(string name, params string[] fields)
    {
        var document = await DocumentAsync();

        var content = (await OperationsAsync())[name]["requestBody"]!["content"]!.AsObject();
        var schema = Resolve(document, content["multipart/form-data"]!["schema"]!);

        Assert.Equal(
            ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
            content.Select(type => type.Key).Order(StringComparer.Ordinal));
        Assert.Equal(fields.Order(StringComparer.Ordinal), Names(schema["properties"]!));
        Assert.Equal("binary", Resolve(document, schema["properties"]!["photo"]!)["format"]?.GetValue<string>());
    }

    private static IEnumerable<string> Names(JsonNode node) =>
        node.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal);

    private static JsonNode Resolve(JsonNode document, JsonNode schema)
    {
        var reference = schema["$ref"]
            ?? schema["oneOf"]?.AsArray().Select(option => option?["$ref"]).FirstOrDefault(option => option is not null);
        return reference is null
            ? schema
            : document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]]!;
    }

    private static List<string> Headers(JsonNode operation) =>
    [
        .. (operation["parameters"]?.AsArray() ?? [])
            .Where(parameter => parameter!["in"]!.GetValue<string>() == "header")
            .Select(parameter => parameter!["name"]!.GetValue<string>()),
    ];

    private static async Task WriteAsync(string path, JsonNode document)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, document.ToJsonString(s_readable) + "\n", Token);
    }

    private async Task<Dictionary<string, JsonNode>> OperationsAsync() =>
        (from path in (await DocumentAsync())["paths"]!.AsObject()
         from operation in path.Value!.AsObject()
         select (Name: Catalogue.Normalise(operation.Key, path.Key), operation.Value))
        .ToDictionary(operation => operation.Name, operation => operation.Value!, StringComparer.Ordinal);

    private async Task<JsonNode> DocumentAsync() =>
        JsonNode.Parse(Expect.Status(200, await fixture.Library.Anyone.GetAsync("/api-docs")).Text)!;
}
