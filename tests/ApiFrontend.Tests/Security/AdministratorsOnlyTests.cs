using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Infrastructure;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lms.ApiFrontend.Tests.Security;

public sealed class AdministratorsOnlyTests(LibraryFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task A_gateway_that_does_not_know_whose_tokens_are_revoked_refuses_administrators_and_serves_all_others()
    {
        var (isbn, _) = await Library.AddBookAsync();
        var user = await UserIdAsync();
        var folder = Path.Combine(Path.GetTempPath(), Any.Key);
        await using var late = ReadModelDatabase.Sqlite($"Data Source={Path.Combine(folder, "late.db")}");
        var gateway = await Library.StartGatewayAsync(
            configure: services => services.Replace(ServiceDescriptor.Singleton(late)));
        var admin = gateway.Anyone.With(Library.Admin.Token);
        var librarian = gateway.Anyone.With(Library.Librarian.Token);

        var refused = await admin.GetAsync($"/api/admin/users/{user}");
        var refusedToo = await admin.GetAsync("/api/admin/keys");

        Expect.Error(503, "Service unavailable", refused);
        Assert.Equal("revocations-unknown", refused.Header("Lms-Code"));
        Assert.NotNull(refused.Header("Retry-After"));
        Expect.Problem(503, refusedToo, "revocations-unknown");
        Expect.Refused(403, await librarian.GetAsync($"/api/admin/users/{user}"));
        Expect.Refused(401, await gateway.Anyone.GetAsync($"/api/admin/users/{user}"));
        Expect.Status(200, await librarian.GetAsync($"/api/books/{isbn}"));

        Directory.CreateDirectory(folder);
        await late.MigrateAsync(Token);
        await gateway.Service<Revocations>().RefreshAsync(Token);
        Expect.Status(200, await admin.GetAsync($"/api/admin/users/{user}"));
        await gateway.App.StopAsync(Token);
    }

    [Fact]
    public void These_are_the_operations_that_nobody_but_administrators_may_call() => Assert.All(
        Library.GatewayAt(0).Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>(),
        endpoint => Assert.Equal(
            endpoint.Metadata.OfType<AuthorizationPolicy>()
                .SelectMany(policy => policy.Requirements.OfType<RolesAuthorizationRequirement>())
                .Any(roles => roles.AllowedRoles.All(role => role == Roles.Admin)),
            endpoint.Metadata.GetMetadata<AdministratorsOnly>() is not null));

    private async Task<string> UserIdAsync() => Expect.Status(200, await Library.Admin.PostAsync(
        "/api/admin/users",
        new { username = Any.Email, password = TestLibrary.Password, name = "Ana Bela", role = "LIBRARIAN" })).Json.Text("id")!;
}
