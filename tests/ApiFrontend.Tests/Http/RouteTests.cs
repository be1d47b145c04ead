using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Routing;

namespace Lms.ApiFrontend.Tests.Http;

// A project is called Catalogue, too.
using Catalogue = Lms.Contract.Tests.Catalogue;
using Role = Lms.Contract.Tests.Role;

public sealed class RouteTests(LibraryFixture fixture) : GatewayTest
{
    public static TheoryData<string> Writes => [.. WriteRequests.All.Keys];

    public static TheoryData<string> Gets =>
        [.. Catalogue.All.Where(operation => operation.Method == HttpMethod.Get && !operation.IsEndless)
            .Select(operation => operation.Name)];

    private TestLibrary Library => fixture.Library;

    private IEnumerable<RouteEndpoint> Endpoints =>
        Library.GatewayAt(0).Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private IEnumerable<(string Name, RouteEndpoint Endpoint)> Operations =>
        from endpoint in Endpoints
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        select (Catalogue.Normalise(method, endpoint.RoutePattern.RawText!), endpoint);

    [Fact]
    public void Every_route_says_who_may_call_it() => Assert.All(Endpoints, endpoint => Assert.True(
        endpoint.Metadata.OfType<IAllowAnonymous>().Any()
            || endpoint.Metadata.OfType<AuthorizationPolicy>()
                .Any(policy => policy.Requirements.OfType<RolesAuthorizationRequirement>().Any()),
        endpoint.RoutePattern.RawText));

    [Fact]
    public void The_operations_of_existing_clients_word_errors_as_they_know_them()
    {
        var known = Catalogue.OldOperations.Select(operation => operation.Name).ToHashSet(StringComparer.Ordinal);

        Assert.All(Operations, operation => Assert.Equal(
            known.Contains(operation.Name),
            operation.Endpoint.Metadata.GetMetadata<Shaped>()?.Shape == ErrorShape.Contract));
        Assert.Subset(Operations.Select(operation => operation.Name).ToHashSet(StringComparer.Ordinal), known);
    }

    // A bad key is refused by what remembers keys, and by nothing else.
    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Every_write_goes_through_what_remembers_keys(string name)
    {
        var request = WriteRequests.All[name];
        var (caller, path) = (await CallerAsync(request.Role), request.Path);
        if (path.Contains("{own}", StringComparison.Ordinal))
        {
            var (isbn, _) = await Library.AddBookAsync();
            var reader = await Library.AddReaderAsync();
            var lent = await Library.Librarian.PostAsync("/api/lendings", new { isbn, readerNumber = reader.Number });
            (caller, path) = (reader.Client, path.Replace("{own}", lent.Json.Text("lendingNumber"), StringComparison.Ordinal));
        }

        var answer = await caller.SendAsync(
            Catalogue.Find(name).Method, path, request.Body(), ("If-Match", "\"0\""), ("Idempotency-Key", "not visible"));

        Expect.Problem(400, answer, "idempotency-key-invalid");
    }

    [Fact]
    public void Whatever_is_not_a_GET_is_a_write_or_says_that_it_only_reads() => Assert.Equal(
        Operations.Where(operation => operation.Name.Contains(" /api/", StringComparison.Ordinal)
                && !operation.Name.StartsWith("GET ", StringComparison.Ordinal)
                && !operation.Endpoint.Metadata.OfType<ApiFrontend.Http.ReadsOnly>().Any())
            .Select(operation => operation.Name).Order(StringComparer.Ordinal),
        WriteRequests.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Gets))]
    public async Task HEAD_is_GET_without_the_body(string name)
    {
        var operation = Catalogue.Find(name);
        var caller = await CallerAsync(operation.SomeRole switch
        {
            Role.None => "",
            var role => role.ToString().ToUpperInvariant(),
        });
        var path = operation.Path(name.Contains("/{}/{}", StringComparison.Ordinal) ? ["1990", "1"] : ["1"]);

        var got = await caller.GetAsync(path);
        var head = await caller.HeadAsync(path);

        Expect.Empty(got.Status, head);
        Assert.Equal(got.ContentType, head.ContentType);
    }

    private async Task<Client> CallerAsync(string role) => role switch
    {
        "" => Library.Anyone,
        Roles.Librarian => Library.Librarian,
        Roles.Admin => Library.Admin,
        _ => (await Library.AddReaderAsync()).Client,
    };
}
