using Lms.ApiFrontend.Tests.Library;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Lms.ApiFrontend.Tests.Security;

/// <summary>What one reader can do to another, and to himself.</summary>
public sealed class AccessTests(LibraryFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task What_belongs_to_another_reader_is_neither_shown_nor_changed()
    {
        var (isbn, _) = await Library.AddBookAsync();
        var (owner, other) = (await Library.AddReaderAsync(), await Library.AddReaderAsync());
        var lent = Expect.Status(201, await Library.Librarian.PostAsync("/api/lendings", new { isbn, readerNumber = owner.Number }));
        var lending = $"/api/lendings/{lent.Json.Text("lendingNumber")}";

        Answer[] refused =
        [
            await other.Client.GetAsync(lending),
            await other.Client.PatchAsync(lending, new { commentary = "Meu." }, lent.ETag),
            await other.Client.GetAsync($"/api/readers/{owner.Number}/lendings?isbn={isbn}"),
            await other.Client.GetAsync($"/api/readers/{owner.Number}/lendings/monthly"),
            await other.Client.GetAsync($"/api/readers/{owner.Number}/photo"),
            await other.Client.GetAsync($"/api/readers/{owner.Number}"),
        ];

        Assert.All(refused, answer => Expect.Status(403, answer));
        Assert.All(refused, answer => Assert.DoesNotContain(isbn, answer.Text, StringComparison.Ordinal));
        Assert.True(Expect.Status(200, await owner.Client.GetAsync(lending)).Json.IsNull("returnedDate"));
    }

    [Fact]
    public async Task Nobody_gets_a_role_by_asking_for_it()
    {
        string[] wanted = ["ADMIN", "LIBRARIAN"];
        var (account, reader) = (Any.Email, Any.Email);

        Expect.Status(200, await Library.Anyone.PostAsync("/api/public/register", new
        {
            username = account,
            password = TestLibrary.Password,
            name = "Ana",
            role = "READER",
            authorities = wanted,
            roles = wanted,
            id = "1",
            isEnabled = true,
            tokenVersion = 99,
            reader = "1990/1",
        }));
        Expect.Status(201, await Library.Anyone.PostAsync("/api/readers", new
        {
            username = reader,
            password = TestLibrary.Password,
            fullName = "Ana",
            birthDate = "1990-05-17",
            phoneNumber = "912345678",
            gdpr = true,
            role = "ADMIN",
            roles = wanted,
            readerNumber = "1990/1",
            version = 9,
        }));

        foreach (var username in new[] { account, reader })
        {
            var token = new JsonWebToken((await Library.SignInAsync(username, TestLibrary.Password)).Token);
            Assert.Equal("READER", token.GetClaim("roles").Value);
            Assert.NotEqual("1", token.Subject.Split(',')[0]);
            Assert.DoesNotContain(token.Claims, claim => claim is { Type: "reader", Value: "1990/1" });
        }
    }

    [Fact]
    public async Task A_reader_who_changes_himself_changes_nothing_that_others_decide()
    {
        var reader = await Library.AddReaderAsync();

        Expect.Status(200, await reader.Client.PatchAsync(
            "/api/readers", new { fullName = "Rui", roles = "ADMIN", readerNumber = "1990/1", user = 1 }, "\"0\""));

        var again = await Library.SignInAsync(reader.Username, TestLibrary.Password);
        Assert.Equal("READER", new JsonWebToken(again.Token).GetClaim("roles").Value);
        Assert.Equal(reader.Number, (await again.GetAsync("/api/readers")).Json.Text("readerNumber"));
    }
}
