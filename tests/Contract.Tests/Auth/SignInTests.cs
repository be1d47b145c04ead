using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lms.Contract.Tests;

public sealed class SignInTests(LibraryFixture library)
{
    private const string Login = "/api/public/login";

    [Fact]
    public async Task Signing_in_gives_the_user_and_the_bare_token_in_a_header()
    {
        var reader = await library.NewReaderAsync();

        var answer = Expect.Status(200, await library.LogInAsync(reader.Username, Any.Password));

        Expect.Members(answer.Json, "id", "username", "fullName");
        Assert.Equal(reader.Username, answer.Json.Text("username"));
        Assert.Equal(reader.FullName, answer.Json.Text("fullName"));
        Assert.Equal(3, Library.TokenOf(answer).Split('.').Length);
        Assert.DoesNotContain(' ', Library.TokenOf(answer));
    }

    [Fact]
    public async Task User_names_are_the_same_in_capitals()
    {
        var reader = await library.NewReaderAsync();

        var answer = await library.LogInAsync(reader.Username.ToUpperInvariant(), Any.Password);

        Expect.Status(200, answer);
    }

    [Fact]
    [Covers("POST /api/public/login", 401)]
    public async Task A_wrong_password_is_refused_without_a_word()
    {
        var reader = await library.NewReaderAsync();

        var answer = await library.LogInAsync(reader.Username, "Errada!123");

        Expect.Empty(401, answer);
        Assert.Null(answer.Header("Authorization"));
    }

    [Fact]
    public async Task An_unknown_user_is_refused_like_a_wrong_password()
    {
        var answer = await library.LogInAsync(Any.Email, Any.Password);

        Expect.Empty(401, answer);
        Assert.Null(answer.Header("Authorization"));
    }

    [Theory]
    [InlineData("""{"username":"not-an-address","password":"Leitura!123"}""")]
    [InlineData("""{"username":"someone@example.org"}""")]
    [InlineData("""{"password":"Leitura!123"}""")]
    [InlineData("{}")]
    [InlineData("""{"username":""")]
    [Covers("POST /api/public/login", 400)]
    public async Task Without_an_address_or_a_password_nobody_signs_in(string body)
    {
        var answer = await library.Anyone.PostAsync(Login, Body.Raw(body, "application/json"));

        Expect.BadRequest(answer);
    }

    [Fact]
    public async Task The_token_tells_who_it_is_for_ten_hours()
    {
        var reader = await library.NewReaderAsync();
        var answer = await library.LogInAsync(reader.Username, Any.Password);

        var claims = Part(Library.TokenOf(answer), 1);

        Assert.Equal("example.io", claims.Text("iss"));
        Assert.Equal($"{answer.Json.Text("id")},{reader.Username}", claims.Text("sub"));
        Assert.Equal("READER", claims.Text("roles"));
        Assert.Equal(36_000, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task The_token_names_the_role_without_a_prefix()
    {
        Assert.Equal("LIBRARIAN", Part((await library.LibrarianAsync()).Token, 1).Text("roles"));
        Assert.Equal("ADMIN", Part((await library.AdminAsync()).Token, 1).Text("roles"));
    }

    [Fact]
    public async Task The_published_keys_verify_the_token()
    {
        var token = (await library.LibrarianAsync()).Token;
        var header = Part(token, 0);
        var published = Expect.Status(200, await library.Anyone.GetAsync("/.well-known/jwks.json")).Json;

        var keys = published.GetProperty("keys").EnumerateArray().Where(key => key.Text("kty") == "RSA");

        Assert.Equal("RS256", header.Text("alg"));
        Assert.Contains(keys, key => Verifies(key, token));
        Assert.DoesNotContain(published.GetProperty("keys").EnumerateArray(), key => key.TryGetProperty("d", out _));
    }

    [Fact]
    public async Task A_password_is_never_repeated_in_a_refusal()
    {
        var password = $"segredo{Any.Word}";

        var answer = await library.Anyone.PostAsync("/api/readers", Body.Form(Any.Reader(("password", password))));

        Assert.DoesNotContain(password, Expect.BadRequest(answer).Text, StringComparison.Ordinal);
    }

    private static JsonElement Part(string token, int index)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]));
        return document.RootElement.Clone();
    }

    private static bool Verifies(JsonElement key, string token)
    {
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(key.Text("n")),
            Exponent = Base64Url.DecodeFromChars(key.Text("e")),
        });
        var dot = token.LastIndexOf('.');
        return rsa.VerifyData(
            Encoding.ASCII.GetBytes(token[..dot]), Base64Url.DecodeFromChars(token.AsSpan(dot + 1)),
            HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
