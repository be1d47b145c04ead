using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Users;
using Microsoft.IdentityModel.Tokens;

namespace Lms.ApiFrontend.Tests.Security;

/// <summary>Tokens that want to be believed, written by hand: no library of ours helps to make them.</summary>
public sealed class TokenCorpusTests(LibraryFixture fixture) : GatewayTest
{
    private const string Anything = "/api/authors?name=X";

    private TestLibrary Library => fixture.Library;

    public static TheoryData<string> Headers =>
    [
        """{"alg":"none","typ":"JWT"}""",
        """{"alg":"None"}""",
        """{"alg":"NONE","kid":"{kid}"}""",
        """{"alg":"","kid":"{kid}"}""",
        """{"kid":"{kid}"}""",
        """{"alg":"HS256","kid":"{kid}"}""",
        """{"alg":"RS256","kid":"{kid}"}""",
        """{"alg":"PS256","kid":"{kid}"}""",
        """{"alg":"RS256"}""",
        """{"alg":"RS256","kid":""}""",
        """{"alg":"RS256","kid":"../../dev/null"}""",
        """{"alg":"RS256","kid":"' OR 1=1 --"}""",
        """{"alg":"RS256","kid":"{kid}","jku":"https://evil.example.org/jwks.json"}""",
        """{"alg":"RS256","kid":"evil","jku":"https://evil.example.org/jwks.json"}""",
        """{"alg":"RS256","kid":"evil","jwk":{jwk}}""",
        """{"alg":"RS256","jwk":{jwk}}""",
        """{"alg":"RS256","kid":"{kid}","x5u":"https://evil.example.org/cert.pem","x5c":["AAAA"]}""",
        """{"alg":"RS256","kid":"{kid}","crit":["exp"],"zip":"DEF"}""",
        """{"alg":["RS256"],"kid":{}}""",
        """not json""",
    ];

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task Whatever_a_header_says_a_foreign_signature_is_refused(string header)
    {
        using var foreign = RSA.Create(2048);
        var parameters = foreign.ExportParameters(includePrivateParameters: false);
        var jwk = JsonSerializer.Serialize(new
        {
            kty = "RSA",
            kid = "evil",
            n = Base64UrlEncoder.Encode(parameters.Modulus),
            e = Base64UrlEncoder.Encode(parameters.Exponent),
        });
        var key = (await Library.Grains.KeyRing().GetAsync(Token)).Keys[0];
        var filled = header.Replace("{kid}", key.Id, StringComparison.Ordinal).Replace("{jwk}", jwk, StringComparison.Ordinal);
        var signed = $"{Base64UrlEncoder.Encode(filled)}.{Library.Librarian.Token.Split('.')[1]}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        string[] signatures =
        [
            "",
            Base64UrlEncoder.Encode(foreign.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            Base64UrlEncoder.Encode(foreign.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
            Base64UrlEncoder.Encode(HMACSHA256.HashData(key.PublicKey, bytes)),
            Library.Librarian.Token.Split('.')[2],
        ];

        foreach (var signature in signatures)
        {
            var token = $"{signed}.{signature}";
            if (token != Library.Librarian.Token)
            {
                Expect.Refused(401, await Library.Anyone.With(token).GetAsync(Anything));
            }
        }
    }

    [Fact]
    public async Task Where_an_audience_is_configured_tokens_for_others_are_refused()
    {
        var gateway = await Library.StartGatewayAsync(settings: [("Lms:Tokens:Audience", "lms")]);
        var other = await Library.StartGatewayAsync(settings: [("Lms:Tokens:Audience", "elsewhere")]);
        var username = (await Library.AddReaderAsync()).Username;
        var (own, foreign) = (await TokenAsync(gateway), await TokenAsync(other));

        Expect.Status(200, await gateway.Anyone.With(own).GetAsync(Anything));
        Expect.Refused(401, await gateway.Anyone.With(foreign).GetAsync(Anything));
        Expect.Refused(401, await gateway.Anyone.With(Library.Librarian.Token).GetAsync(Anything));

        async Task<string> TokenAsync(TestGateway of) => Expect.Status(200, await of.Anyone.PostAsync(
            "/api/public/login", new { username, password = TestLibrary.Password })).Header("Authorization")!;
    }
}
