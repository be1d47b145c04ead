using System.Collections.Concurrent;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Users;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Lms.ApiFrontend.Tests.Security;

/// <summary>Keys change while people sign in at one gateway and work at another, in real time.</summary>
public sealed class KeyRotationLoadTests(LibraryFixture fixture) : GatewayTest
{
    private const string Anything = "/api/authors?name=X"; // an empty list for whoever may ask
    private const int People = 8;
    private const int Rotations = 4;
    private const int TokensOfEachKey = 10;

    private static readonly (string Name, string Value)[] s_quick =
        [("Lms:Keys:Refresh", "00:00:00.100"), ("Lms:Keys:AnnounceFor", "00:00:00.500")];

    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task Nobody_is_refused_while_keys_rotate()
    {
        TestGateway[] gateways =
            [await Library.StartGatewayAsync(settings: s_quick), await Library.StartGatewayAsync(settings: s_quick)];
        var username = Any.Email;
        Expect.Status(200, await Library.Admin.PostAsync(
            "/api/admin/users", new { username, password = TestLibrary.Password, name = "Ana", role = Roles.Librarian }));
        using var done = new CancellationTokenSource();
        var refused = new ConcurrentBag<Answer>();
        var signed = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);

        var people = Enumerable.Range(0, People).Select(WorkAsync).ToList();
        var rotated = new List<string>();
        for (var rotation = 0; rotation < Rotations; rotation++)
        {
            var answer = await gateways[rotation % 2].Anyone.With(Library.Admin.Token)
                .PostAsync("/api/admin/keys/rotations", json: null);
            rotated.Add(Expect.Status(200, answer).Json.Text("kid")!);
            await UntilAsync(() => signed.GetValueOrDefault(rotated[^1]) >= TokensOfEachKey);
        }

        await done.CancelAsync();
        await Task.WhenAll(people);
        Assert.Empty(refused);
        Assert.Equal(Rotations, rotated.Distinct(StringComparer.Ordinal).Count());

        async Task WorkAsync(int person)
        {
            for (var i = person; !done.IsCancellationRequested; i++)
            {
                var (here, there) = (gateways[i % 2].Anyone, gateways[(i + 1) % 2].Anyone);
                var signedIn = await here.PostAsync("/api/public/login", new { username, password = TestLibrary.Password });
                if (signedIn.Status != 200)
                {
                    refused.Add(signedIn);
                    continue;
                }

                var token = signedIn.Header("Authorization")!;
                signed.AddOrUpdate(new JsonWebToken(token).Kid, 1, (_, count) => count + 1);
                if (await there.With(token).GetAsync(Anything) is { Status: not 200 } answer)
                {
                    refused.Add(answer);
                }
            }
        }

        async Task UntilAsync(Func<bool> holds)
        {
            while (!holds())
            {
                Assert.DoesNotContain(people, person => person.IsFaulted);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
            }
        }
    }
}
