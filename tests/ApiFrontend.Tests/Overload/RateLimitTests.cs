using System.Globalization;
using Lms.ApiFrontend.Overload;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Users;
using Microsoft.AspNetCore.Routing;

namespace Lms.ApiFrontend.Tests.Overload;

/// <summary>One client does not take the room of all others.</summary>
public sealed class RateLimitTests(LibraryFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task A_user_who_asks_more_than_the_default_is_refused_and_another_is_not()
    {
        var limits = new RateLimitOptions();
        var gateway = await Library.StartGatewayAsync(settings:
        [
            ("Lms:RateLimits:SignedInPerSecond", limits.SignedInPerSecond.ToString(CultureInfo.InvariantCulture)),
            ("Lms:RateLimits:SignedInBurst", limits.SignedInBurst.ToString(CultureInfo.InvariantCulture)),
        ]);
        var (eager, other) = (gateway.Anyone.With(Library.Librarian.Token), gateway.Anyone.With((await Library.SignInAsync(Roles.Librarian)).Token));

        // More than a user may ask at once and in the time that it takes.
        var answers = new List<Answer>();
        while (answers.Count < 100 * limits.SignedInBurst && answers.All(answer => answer.Status != 429))
        {
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => eager.GetAsync("/api/books/9780000000000"))));
        }

        var refused = answers.First(answer => answer.Status == 429);
        Assert.InRange(answers.Count(answer => answer.Status == 404), limits.SignedInBurst, int.MaxValue);
        Assert.Equal("rate-limited", refused.Header("Lms-Code"));
        Assert.Equal("1", refused.Header("Retry-After"));
        Assert.Equal("Too many requests", refused.Json.Text("message"));
        Expect.Status(404, await other.GetAsync("/api/books/9780000000000"));
        Expect.Status(200, await gateway.Anyone.GetAsync("/health/live"));
    }

    [Fact]
    public async Task Strangers_of_one_address_count_together()
    {
        var gateway = await Library.StartGatewayAsync(settings:
            [("Lms:RateLimits:AnonymousPerSecond", "1"), ("Lms:RateLimits:AnonymousBurst", "2")]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => gateway.Anyone.GetAsync("/api/books/9780000000000")));

        Assert.InRange(answers.Count(answer => answer.Status == 401), 2, 4);
        Assert.Contains(answers, answer => answer.Status == 429);
        Assert.NotEqual(429, (await gateway.Anyone.With(Library.Librarian.Token).GetAsync("/api/books/9780000000000")).Status);
    }

    [Fact]
    public void Every_operation_that_has_a_class_exists()
    {
        var names = Library.GatewayAt(0).Service<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName);

        Assert.Empty(RequestClasses.Named.Keys.Except(names.OfType<string>(), StringComparer.Ordinal));
    }
}
