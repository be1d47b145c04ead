namespace Lms.Contract.Tests;

public sealed class RegisterTests(LibraryFixture library)
{
    private const string Register = "/api/public/register";

    [Fact]
    public async Task Who_registers_as_reader_gets_an_account()
    {
        var username = Any.Email;
        var name = Any.PersonName;

        var answer =
            await library.Anyone.PostAsync(Register, new { username, password = Any.Password, name, role = "READER" });

        Expect.Members(Expect.Status(200, answer).Json, "id", "username", "fullName");
        Assert.Equal(username, answer.Json.Text("username"));
        Assert.Equal(name, answer.Json.Text("fullName"));
        Expect.Status(200, await library.LogInAsync(username, Any.Password));
    }

    [Fact]
    [Covers("GET /api/readers", 404)]
    [Covers("PATCH /api/readers", 404)]
    [Covers("GET /api/books/suggestions", 404)]
    public async Task An_account_without_a_reader_profile_finds_no_reader()
    {
        var username = Any.Email;
        await library.Anyone.PostAsync(Register, Account(username, "READER"));
        var account = await library.SignInAsync(username, Any.Password);

        Expect.NotFound(await account.GetAsync("/api/readers"));
        Expect.NotFound(await account.PatchAsync("/api/readers", Body.Form(("fullName", Any.PersonName)), "\"0\""));
        Expect.Error(404, await account.GetAsync("/api/books/suggestions"));
        Expect.Error(404, await account.GetAsync("/api/readers/photo"));
    }

    [Theory]
    [InlineData("LIBRARIAN")]
    [InlineData("ADMIN")]
    [Covers("POST /api/public/register", 403)]
    public async Task Nobody_registers_as_staff(string role)
    {
        var username = Any.Email;

        var answer = await library.Anyone.PostAsync(Register, Account(username, role));

        Expect.Status(403, answer);
        Expect.Empty(401, await library.LogInAsync(username, Any.Password));
    }

    [Fact]
    public async Task A_role_that_does_not_exist_gives_an_empty_answer_and_no_account()
    {
        var username = Any.Email;

        var answer = await library.Anyone.PostAsync(Register, Account(username, "JANITOR"));

        Expect.Empty(200, answer);
        Expect.Empty(401, await library.LogInAsync(username, Any.Password));
    }

    [Fact]
    [Covers("POST /api/public/register", 409)]
    public async Task A_user_name_is_given_once()
    {
        var username = Any.Email;
        Expect.Status(200, await library.Anyone.PostAsync(Register, Account(username, "READER")));

        Expect.Conflict(await library.Anyone.PostAsync(Register, Account(username, "READER")));
        Expect.Conflict(await library.Anyone.PostAsync(Register, Account(username.ToUpperInvariant(), "READER")));
    }

    [Theory]
    [InlineData("""{"username":"","password":"Leitura!123","name":"Nome","role":"READER"}""")]
    [InlineData("""{"username":"a@example.org","password":"","name":"Nome","role":"READER"}""")]
    [InlineData("""{"username":"a@example.org","password":"Leitura!123","name":" ","role":"READER"}""")]
    [InlineData("""{"username":"a@example.org","password":"Leitura!123","name":"Nome","role":null}""")]
    [InlineData("""{"username":"a@example.org","password":"Leitura!123","name":"Nome"}""")]
    [InlineData("""{"username":"not-an-address","password":"Leitura!123","name":"Nome","role":"READER"}""")]
    [InlineData("""{"password":"Leitura!123","name":"Nome","role":"READER"}""")]
    [Covers("POST /api/public/register", 400)]
    public async Task Every_field_of_a_registration_is_needed(string body)
    {
        var answer = await library.Anyone.PostAsync(Register, Body.Raw(body, "application/json"));

        Expect.BadRequest(answer);
    }

    [Theory]
    [InlineData("Abcdef1", false)]
    [InlineData("Abcdefg1", true)]
    [InlineData("Abcdefg!", true)]
    [InlineData("abcdefg1", false)]
    [InlineData("ABCDEFG1", false)]
    [InlineData("Abcdefgh", false)]
    public async Task A_password_has_eight_characters_of_three_kinds(string password, bool accepted)
    {
        var registration = new { username = Any.Email, password, name = Any.PersonName, role = "READER" };

        var answer = await library.Anyone.PostAsync(Register, registration);

        Expect.Status(accepted ? 200 : 400, answer);
    }

    private static object Account(string username, string role) =>
        new { username, password = Any.Password, name = Any.PersonName, role };
}
