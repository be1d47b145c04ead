using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Users;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Lms.ApiFrontend.Tests.Security;

public sealed class TokenTests(ClockFixture fixture) : GatewayTest
{
    private const string Anything = "/api/authors/top5"; // 404 for whoever may ask: the library is empty

    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task A_token_says_what_existing_clients_read()
    {
        var reader = await Library.AddReaderAsync();

        var token = new JsonWebToken(reader.Client.Token);
        var claims = JsonDocument.Parse(Base64UrlEncoder.Decode(token.EncodedPayload)).RootElement;

        var signedIn = await Library.Anyone.PostAsync(
            "/api/public/login", new { username = reader.Username, password = TestLibrary.Password });
        var now = fixture.Clock.GetUtcNow().ToUnixTimeSeconds();
        Expect.Members(claims, "iss", "sub", "roles", "iat", "exp", "ver", "reader");
        Assert.Equal("example.io", claims.Text("iss"));
        Assert.Equal($"{signedIn.Json.Text("id")},{reader.Username}", claims.Text("sub"));
        Assert.Equal("READER", claims.Text("roles"));
        Assert.Equal(reader.Number, claims.Text("reader"));
        Assert.Equal(0, claims.GetProperty("ver").GetInt32());
        Assert.Equal((now, now + 36_000), (claims.GetProperty("iat").GetInt64(), claims.GetProperty("exp").GetInt64()));
        Assert.Equal("RS256", token.Alg);
    }

    [Fact]
    public async Task Staff_have_no_readers_number()
    {
        var token = new JsonWebToken((await Library.SignInAsync(Roles.Librarian)).Token);

        Assert.Equal("LIBRARIAN", token.GetClaim("roles").Value);
        Assert.DoesNotContain(token.Claims, claim => claim.Type == "reader");
    }

    [Fact]
    public async Task Anybody_can_check_a_token_with_the_published_keys()
    {
        var keys = Expect.Status(200, await Library.Anyone.GetAsync("/.well-known/jwks.json"));

        var checkedToken = await new JsonWebTokenHandler().ValidateTokenAsync(Library.Librarian.Token, new()
        {
            ValidIssuer = "example.io",
            ValidateAudience = false,
            ValidateLifetime = false,
            IssuerSigningKeys = new JsonWebKeySet(keys.Text).GetSigningKeys(),
        });

        Assert.True(checkedToken.IsValid);
        Assert.DoesNotContain("\"d\"", keys.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_made_by_the_rules_is_good() =>
        Expect.Status(404, await AskAsync(await TokenAsync(_ => { })));

    [Fact]
    public async Task No_token_is_refused_with_a_challenge() => Expect.Refused(401, await Library.Anyone.GetAsync(Anything));

    [Fact]
    public async Task A_token_that_was_changed_is_refused()
    {
        var parts = Library.Librarian.Token.Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]);
        var admin = Base64UrlEncoder.Encode(claims.Replace("LIBRARIAN", "ADMIN", StringComparison.Ordinal));

        await AssertRefusedAsync($"{parts[0]}.{admin}.{parts[2]}");
        await AssertRefusedAsync($"{parts[0]}.{parts[1]}.");
        await AssertRefusedAsync($"{parts[0]}.{parts[1]}");
        await AssertRefusedAsync("nonsense");
    }

    [Fact]
    public async Task A_token_without_a_signature_is_refused() => await AssertRefusedAsync(await TokenAsync(token =>
        token.SigningCredentials = null));

    [Fact]
    public async Task A_token_signed_with_the_public_key_as_a_secret_is_refused()
    {
        var key = await KeyAsync();
        var pem = PemEncoding.WriteString("PUBLIC KEY", key.PublicKey);
        byte[][] secrets = [key.PublicKey, System.Text.Encoding.ASCII.GetBytes(pem)];

        foreach (var secret in secrets)
        {
            await AssertRefusedAsync(await TokenAsync(token => token.SigningCredentials =
                new(new SymmetricSecurityKey(secret) { KeyId = key.Id }, SecurityAlgorithms.HmacSha256)));
        }
    }

    [Fact]
    public async Task A_token_of_a_foreign_key_is_refused_even_under_our_keys_name()
    {
        using var foreign = RSA.Create(2048);
        var key = new RsaSecurityKey(foreign) { KeyId = (await KeyAsync()).Id };

        await AssertRefusedAsync(await TokenAsync(token =>
            token.SigningCredentials = new(key, SecurityAlgorithms.RsaSha256)));
    }

    [Fact]
    public async Task A_token_of_another_algorithm_is_refused() => await AssertRefusedAsync(await TokenAsync(token =>
        token.SigningCredentials = new(token.SigningCredentials!.Key, SecurityAlgorithms.RsaSha512)));

    [Fact]
    public async Task A_token_of_another_issuer_is_refused() =>
        await AssertRefusedAsync(await TokenAsync(token => token.Issuer = "example.org"));

    [Fact]
    public async Task A_token_that_never_ends_is_refused() =>
        await AssertRefusedAsync(await TokenAsync(token => token.Expires = null));

    [Theory]
    [InlineData("")]
    [InlineData("anna@example.org")]
    [InlineData("x,anna@example.org")]
    public async Task A_token_of_nobody_is_refused(string subject) =>
        await AssertRefusedAsync(await TokenAsync(token => token.Claims["sub"] = subject));

    [Fact]
    public async Task A_token_ends_after_ten_hours()
    {
        var caller = await Library.SignInAsync(Roles.Librarian);

        fixture.Clock.Advance(TimeSpan.FromHours(10) - TimeSpan.FromSeconds(1));
        Expect.Status(404, await caller.GetAsync(Anything));
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Expect.Refused(401, await caller.GetAsync(Anything));
    }

    [Theory]
    [InlineData(Roles.Admin)]
    public async Task A_wrong_role_is_refused_with_a_challenge(string role) =>
        Expect.Refused(403, await (await Library.SignInAsync(role)).GetAsync(Anything));

    private async Task AssertRefusedAsync(string token) => Expect.Refused(401, await AskAsync(token));

    private Task<Answer> AskAsync(string token) => Library.Anyone.With(token).GetAsync(Anything);

    private async Task<SigningKey> KeyAsync() => (await Library.Grains.KeyRing().GetAsync(Token)).Keys[0];

    /// <summary>A good token of a librarian, but for what <paramref name="change"/> does to it.</summary>
    private async Task<string> TokenAsync(Action<SecurityTokenDescriptor> change)
    {
        var key = await KeyAsync();
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(TestLibrary.MasterKey.Decrypt(key.EncryptedPrivateKey), out _);
        var now = fixture.Clock.GetUtcNow().UtcDateTime;
        var token = new SecurityTokenDescriptor
        {
            Issuer = "example.io",
            IssuedAt = now,
            Expires = now.AddHours(1),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = string.Create(CultureInfo.InvariantCulture, $"{Any.Number},anna@example.org"),
                ["roles"] = "LIBRARIAN",
            },
            SigningCredentials = new(new RsaSecurityKey(rsa) { KeyId = key.Id }, SecurityAlgorithms.RsaSha256)
            {
                CryptoProviderFactory = new() { CacheSignatureProviders = false },
            },
        };
        change(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }
}
