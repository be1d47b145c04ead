namespace Lms.Contract.Tests;

public sealed class UsersTests(LibraryFixture library)
{
    private const string Users = "/api/admin/users";

    [Theory]
    [InlineData("READER")]
    [InlineData("LIBRARIAN")]
    [InlineData("ADMIN")]
    public async Task An_administrator_makes_accounts_of_every_role(string role)
    {
        var username = Any.Email;
        var name = Any.PersonName;

        var answer = await (await library.AdminAsync()).PostAsync(
            Users, new { username, password = Any.Password, name, role });

        Expect.Members(Expect.Status(200, answer).Json, "id", "username", "fullName");
        Assert.Equal(username, answer.Json.Text("username"));
        Assert.Equal(name, answer.Json.Text("fullName"));
        await library.SignInAsync(username, Any.Password);
    }

    [Theory]
    [InlineData("JANITOR")]
    [InlineData(null)]
    [Covers("POST /api/admin/users", 400)]
    public async Task An_account_needs_a_role_that_exists(string? role)
    {
        var answer = await (await library.AdminAsync()).PostAsync(
            Users, new { username = Any.Email, password = Any.Password, name = Any.PersonName, role });

        Expect.BadRequest(answer);
    }

    [Fact]
    public async Task An_account_needs_an_address_a_name_and_a_password_that_holds()
    {
        var admin = await library.AdminAsync();

        Expect.BadRequest(await admin.PostAsync(
            Users, new { username = "nobody", password = Any.Password, name = Any.PersonName, role = "LIBRARIAN" }));
        Expect.BadRequest(await admin.PostAsync(
            Users, new { username = Any.Email, password = Any.Password, name = " ", role = "LIBRARIAN" }));
        Expect.BadRequest(await admin.PostAsync(
            Users, new { username = Any.Email, password = "curta", name = Any.PersonName, role = "LIBRARIAN" }));
    }

    [Fact]
    [Covers("POST /api/admin/users", 409)]
    public async Task A_user_name_is_given_once_by_administrators_too()
    {
        var (_, username, _) = await library.NewUserAsync("LIBRARIAN");

        var answer = await (await library.AdminAsync()).PostAsync(
            Users, new { username, password = Any.Password, name = Any.PersonName, role = "READER" });

        Expect.Conflict(answer);
    }

    [Fact]
    public async Task An_account_is_found_by_its_number()
    {
        var (id, username, fullName) = await library.NewUserAsync("READER");

        var answer = Expect.Status(200, await (await library.AdminAsync()).GetAsync($"{Users}/{id}"));

        Expect.Members(answer.Json, "id", "username", "fullName");
        Assert.Equal(id, answer.Json.Text("id"));
        Assert.Equal(username, answer.Json.Text("username"));
        Assert.Equal(fullName, answer.Json.Text("fullName"));
    }

    [Fact]
    public async Task Only_the_fields_that_are_sent_change()
    {
        var (id, username, fullName) = await library.NewUserAsync("LIBRARIAN");
        var admin = await library.AdminAsync();
        var renamed = Any.PersonName;

        var unchanged = Expect.Status(200, await admin.PutAsync($"{Users}/{id}", new { name = (string?)null }));
        var answer = Expect.Status(200, await admin.PutAsync($"{Users}/{id}", new { name = renamed }));

        Assert.Equal(fullName, unchanged.Json.Text("fullName"));
        Assert.Equal(renamed, answer.Json.Text("fullName"));
        Assert.Equal(username, answer.Json.Text("username"));
        await library.SignInAsync(username, Any.Password);
    }

    [Fact]
    public async Task A_new_password_replaces_the_old_one()
    {
        var (id, username, _) = await library.NewUserAsync("LIBRARIAN");

        Expect.Status(
            200, await (await library.AdminAsync()).PutAsync($"{Users}/{id}", new { password = "Outra!4567" }));

        Expect.Status(200, await library.LogInAsync(username, "Outra!4567"));
        Expect.Empty(401, await library.LogInAsync(username, Any.Password));
    }

    [Fact]
    public async Task A_new_user_name_replaces_the_old_one_and_frees_it()
    {
        var (id, username, _) = await library.NewUserAsync("LIBRARIAN");
        var renamed = Any.Email;

        var answer = await (await library.AdminAsync()).PutAsync($"{Users}/{id}", new { username = renamed });

        Assert.Equal(renamed, Expect.Status(200, answer).Json.Text("username"));
        await library.SignInAsync(renamed, Any.Password);
        Expect.Empty(401, await library.LogInAsync(username, Any.Password));
    }

    [Fact]
    [Covers("PUT /api/admin/users/{}", 404)]
    [Covers("GET /api/admin/users/{}", 404)]
    [Covers("DELETE /api/admin/users/{}", 404)]
    public async Task An_account_that_does_not_exist_is_not_found()
    {
        var admin = await library.AdminAsync();

        Expect.Error(404, await admin.GetAsync($"{Users}/999999999"));
        Expect.Error(404, await admin.PutAsync($"{Users}/999999999", new { name = Any.PersonName }));
        Expect.Error(404, await admin.DeleteAsync($"{Users}/999999999"));
    }

    [Fact]
    public async Task A_disabled_account_is_gone_for_administrators_and_for_its_owner()
    {
        var (id, username, _) = await library.NewUserAsync("LIBRARIAN");
        var admin = await library.AdminAsync();
        var owner = await library.SignInAsync(username, Any.Password);

        var disabled = Expect.Status(200, await admin.DeleteAsync($"{Users}/{id}"));
        var later =
            await Eventually.HoldsAsync(() => owner.GetAsync("/api/authors?name=A"), answer => answer.Status == 401);

        Assert.Equal(id, disabled.Json.Text("id"));
        Expect.Refused(401, later);
        Expect.Error(404, await admin.GetAsync($"{Users}/{id}"));
        Expect.Error(404, await admin.DeleteAsync($"{Users}/{id}"));
        Expect.Empty(401, await library.LogInAsync(username, Any.Password));
    }

    [Fact]
    public async Task Accounts_are_found_by_either_criterion_the_newest_first()
    {
        var word = Any.Word;
        var older = await library.NewUserAsync("READER", $"Ana {word}");
        var newer = await library.NewUserAsync("READER", $"Rui {word}");
        var other = await library.NewUserAsync("READER");
        var admin = await library.AdminAsync();

        var answer = await Eventually.HoldsAsync(
            () => admin.PostAsync(
                $"{Users}/search",
                new { query = new { username = other.Username, fullName = word.ToUpperInvariant() } }),
            found => found.Items.Count == 3);

        Expect.Status(200, answer);
        Assert.Equal([other.Id, newer.Id, older.Id], answer.Items.Select(item => item.Text("id")!));
        Assert.All(answer.Items, item => Expect.Members(item, "id", "username", "fullName"));
    }

    [Fact]
    public async Task A_search_for_accounts_has_pages()
    {
        var word = Any.Word;
        var older = await library.NewUserAsync("READER", $"Ana {word}");
        await library.NewUserAsync("READER", $"Rui {word}");
        var admin = await library.AdminAsync();

        var answer = await Eventually.HoldsAsync(
            () => admin.PostAsync(
                $"{Users}/search", new { page = new { number = 2, limit = 1 }, query = new { fullName = word } }),
            found => found.Items.Count == 1);

        Assert.Equal(older.Id, Assert.Single(answer.Items).Text("id"));
    }

    [Fact]
    public async Task A_search_without_criteria_or_page_takes_the_defaults()
    {
        var admin = await library.AdminAsync();

        var answer = await admin.PostAsync($"{Users}/search", new { page = (object?)null, query = (object?)null });

        Assert.InRange(Expect.Status(200, answer).Items.Count, 0, 10);
    }
}
