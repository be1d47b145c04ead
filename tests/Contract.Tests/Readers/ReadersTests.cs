using System.Text.Json;

namespace Lms.Contract.Tests;

public sealed class ReadersTests(LibraryFixture library)
{
    private const string Readers = "/api/readers";

    [Fact]
    public async Task Anyone_becomes_a_reader()
    {
        var genre = await library.GenreAsync();
        var fields = Any.Reader(("marketing", "false"), ("interestList[]", genre));

        var answer = await library.Anyone.PostAsync(Readers, Body.Form(fields));

        var reader = Expect.Status(201, answer).Json;
        var sent = fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal("\"0\"", answer.ETag);
        Assert.EndsWith($"{Readers}/{reader.Text("readerNumber")}", answer.Location, StringComparison.Ordinal);
        ExpectReaderView(reader);
        Assert.Equal(sent["username"], reader.Text("email"));
        Assert.Equal(sent["fullName"], reader.Text("fullName"));
        Assert.Equal("2000-01-01", reader.Text("birthDate"));
        Assert.Equal(sent["phoneNumber"], reader.Text("phoneNumber"));
        Assert.True(reader.GetProperty("gdprConsent").GetBoolean());
        Assert.False(reader.GetProperty("marketingConsent").GetBoolean());
        Assert.True(reader.GetProperty("thirdPartySharingConsent").GetBoolean());
        Assert.Equal(
            [genre], reader.GetProperty("interestList").EnumerateArray().Select(interest => interest.GetString()!));
    }

    [Fact]
    public async Task Reader_numbers_have_a_year_and_a_number_without_padding()
    {
        var reader = await library.NewReaderAsync();

        Assert.Matches(@"^\d{4}/(0|[1-9]\d*)$", reader.Number);
    }

    [Fact]
    public async Task Fields_may_come_urlencoded()
    {
        var answer = await library.Anyone.PostAsync(Readers, Body.Encoded(Any.Reader()));

        Expect.Status(201, answer);
    }

    [Theory]
    [InlineData("interestList")]
    [InlineData("interestList[]")]
    public async Task Interests_come_as_repeated_fields_with_or_without_brackets(string field)
    {
        var first = await library.GenreAsync();
        var second = await library.NewGenreAsync();

        var answer = await library.Anyone.PostAsync(
            Readers, Body.Encoded([.. Any.Reader(), (field, first), (field, second)]));

        Assert.Equal(2, Expect.Status(201, answer).Json.GetProperty("interestList").GetArrayLength());
    }

    [Fact]
    public async Task Fields_may_come_as_JSON()
    {
        var registration = new
        {
            username = Any.Email,
            password = Any.Password,
            fullName = Any.PersonName,
            birthDate = "2000-01-01",
            phoneNumber = Any.Phone,
            gdpr = true,
            marketing = true,
            thirdParty = false,
            interestList = new[] { await library.GenreAsync() },
        };

        var created = Expect.Status(201, await library.Anyone.PostAsync(Readers, registration));
        var reader = await library.SignInAsync(registration.username, Any.Password);
        var changed = await reader.PatchAsync(Readers, new { fullName = "Outro Nome", marketing = true }, created.ETag);

        Assert.True(created.Json.GetProperty("marketingConsent").GetBoolean());
        Assert.Equal("Outro Nome", Expect.Status(200, changed).Json.Text("fullName"));
        Expect.BadRequest(await library.Anyone.PostAsync(Readers, new { username = Any.Email }));
    }

    [Fact]
    [Covers("POST /api/readers", 409)]
    public async Task A_user_name_is_given_once()
    {
        var reader = await library.ReaderAsync();

        Expect.Conflict(await library.Anyone.PostAsync(Readers, Body.Form(Any.Reader(("username", reader.Username)))));
        Expect.Conflict(await library.Anyone.PostAsync(
            Readers, Body.Form(Any.Reader(("username", reader.Username.ToUpperInvariant())))));
    }

    [Fact]
    public async Task A_refused_registration_leaves_nothing_behind()
    {
        var username = Any.Email;

        Expect.NotFound(await library.Anyone.PostAsync(
            Readers, Body.Form(Any.Reader(("username", username), ("interestList[]", Any.GenreName)))));

        Expect.Empty(401, await library.LogInAsync(username, Any.Password));
        Expect.Status(201, await library.Anyone.PostAsync(Readers, Body.Form(Any.Reader(("username", username)))));
    }

    [Fact]
    [Covers("POST /api/readers", 404)]
    public async Task An_interest_is_a_genre_that_exists()
    {
        var answer = await library.Anyone.PostAsync(Readers, Body.Form(Any.Reader(("interestList[]", Any.GenreName))));

        Expect.NotFound(answer);
    }

    [Theory]
    [InlineData("username", null)]
    [InlineData("username", "not-an-address")]
    [InlineData("password", null)]
    [InlineData("password", "Abcdef1")]
    [InlineData("password", "abcdefg1")]
    [InlineData("password", "ABCDEFG1")]
    [InlineData("password", "Abcdefgh")]
    [InlineData("fullName", null)]
    [InlineData("fullName", " ")]
    [InlineData("fullName", "Ana_Maria")]
    [InlineData("fullName", "Ana; DROP TABLE")]
    [InlineData("birthDate", null)]
    [InlineData("birthDate", "01-01-2000")]
    [InlineData("birthDate", "2000/01/01")]
    [InlineData("birthDate", "2000-13-45")]
    [InlineData("birthDate", "yesterday")]
    [InlineData("phoneNumber", null)]
    [InlineData("phoneNumber", "91234567")]
    [InlineData("phoneNumber", "9123456789")]
    [InlineData("phoneNumber", "812345678")]
    [InlineData("gdpr", null)]
    [InlineData("gdpr", "false")]
    [Covers("POST /api/readers", 400)]
    public async Task A_registration_that_breaks_a_rule_is_refused(string field, string? value)
    {
        var answer = await library.Anyone.PostAsync(Readers, Body.Form(Any.Reader((field, value))));

        Expect.BadRequest(answer);
    }

    [Theory]
    [InlineData("birthDate", "01-01-2000", "Provided birth date is not in a valid format. Use yyyy-MM-dd")]
    [InlineData("gdpr", "false", "Readers must agree with the GDPR rules")]
    public async Task Some_refusals_say_these_words(string field, string value, string words)
    {
        var answer = await library.Anyone.PostAsync(Readers, Body.Form(Any.Reader((field, value))));

        Expect.BadRequest(words, answer);
    }

    [Theory]
    [InlineData("phoneNumber", "212345678")]
    [InlineData("phoneNumber", "9abcdefgh")]
    [InlineData("password", "Abcdefg1")]
    [InlineData("password", "Abcdefg!")]
    [InlineData("fullName", "Ana-Maria d'Orey 2")]
    [InlineData("fullName", "João Ratão")]
    [InlineData("birthDate", "1899-12-31")]
    [InlineData("marketing", null)]
    [InlineData("thirdParty", null)]
    public async Task A_registration_at_the_edge_of_a_rule_is_accepted(string field, string? value)
    {
        var answer = await library.Anyone.PostAsync(Readers, Body.Form(Any.Reader((field, value))));

        Expect.Status(201, answer);
    }

    [Theory]
    [InlineData(150, 201)]
    [InlineData(151, 400)]
    public async Task Names_end_at_150_characters(int length, int status)
    {
        var answer =
            await library.Anyone.PostAsync(Readers, Body.Form(Any.Reader(("fullName", new string('a', length)))));

        Expect.Status(status, answer);
    }

    [Fact]
    [Covers("POST /api/readers", 403)]
    public async Task A_reader_is_at_least_twelve_years_old()
    {
        var twelve = (await library.TodayAsync()).AddYears(-12);

        var oldEnough = await library.Anyone.PostAsync(
            Readers, Body.Form(Any.Reader(("birthDate", $"{twelve:yyyy-MM-dd}"))));
        var tomorrow = await library.Anyone.PostAsync(
            Readers, Body.Form(Any.Reader(("birthDate", $"{twelve.AddDays(1):yyyy-MM-dd}"))));

        Expect.Status(201, oldEnough);
        Expect.Error(403, "Access denied!", tomorrow);
        Expect.Says("User must be, at least, 12 years old", tomorrow);
    }

    [Fact]
    public async Task A_reader_sees_the_own_profile_as_one_object()
    {
        var reader = await library.NewReaderAsync();

        var answer = await reader.Api.GetAsync(Readers);

        ExpectReaderView(Expect.Status(200, answer).Json);
        Assert.Equal(reader.Number, answer.Json.Text("readerNumber"));
        Assert.Equal(reader.ETag, answer.ETag);
    }

    [Fact]
    public async Task A_librarian_sees_all_readers_as_a_bare_array()
    {
        var reader = await library.NewReaderAsync();
        var librarian = await library.LibrarianAsync();

        var answer = await Eventually.HoldsAsync(
            () => librarian.GetAsync(Readers), found => Numbers(found).Contains(reader.Number));

        Assert.Equal(JsonValueKind.Array, Expect.Status(200, answer).Json.ValueKind);
        Assert.Contains(reader.Number, Numbers(answer));
        Assert.All(answer.Json.EnumerateArray(), ExpectReaderView);
    }

    [Fact]
    public async Task A_change_without_the_consents_clears_them()
    {
        var reader = await library.NewReaderAsync();
        var name = Any.PersonName;

        var answer = await reader.Api.PatchAsync(Readers, Body.Form(("fullName", name)), reader.ETag);

        var changed = Expect.Status(200, answer).Json;
        Assert.Equal("\"1\"", answer.ETag);
        ExpectReaderView(changed);
        Assert.Equal(name, changed.Text("fullName"));
        Assert.Equal(reader.Phone, changed.Text("phoneNumber"));
        Assert.True(changed.GetProperty("gdprConsent").GetBoolean());
        Assert.False(changed.GetProperty("marketingConsent").GetBoolean());
        Assert.False(changed.GetProperty("thirdPartySharingConsent").GetBoolean());
    }

    [Fact]
    public async Task A_change_with_the_consents_keeps_them()
    {
        var reader = await library.NewReaderAsync();
        var phone = Any.Phone;
        var genre = await library.GenreAsync();

        var answer = await reader.Api.PatchAsync(Readers, Body.Encoded(
            ("phoneNumber", phone), ("marketing", "true"), ("thirdParty", "true"), ("interestList[]", genre)),
            reader.ETag);

        var changed = Expect.Status(200, answer).Json;
        Assert.Equal(phone, changed.Text("phoneNumber"));
        Assert.True(changed.GetProperty("marketingConsent").GetBoolean());
        Assert.True(changed.GetProperty("thirdPartySharingConsent").GetBoolean());
        Assert.Equal(genre, Assert.Single(changed.GetProperty("interestList").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task A_reader_may_change_the_password()
    {
        var reader = await library.NewReaderAsync();

        Expect.Status(200, await reader.Api.PatchAsync(Readers, Body.Form(("password", "Outra!4567")), reader.ETag));

        Expect.Status(200, await library.LogInAsync(reader.Username, "Outra!4567"));
        Expect.Empty(401, await library.LogInAsync(reader.Username, Any.Password));
    }

    [Fact]
    public async Task A_user_name_in_use_is_no_new_user_name()
    {
        var taken = await library.ReaderAsync();
        var reader = await library.NewReaderAsync();

        var answer = await reader.Api.PatchAsync(Readers, Body.Form(("username", taken.Username)), reader.ETag);

        Expect.Conflict(answer);
    }

    [Theory]
    [InlineData("phoneNumber", "812345678")]
    [InlineData("fullName", "Ana_Maria")]
    [InlineData("birthDate", "01-01-2000")]
    [InlineData("password", "curta")]
    [Covers("PATCH /api/readers", 400)]
    public async Task A_change_must_keep_the_rules(string field, string value)
    {
        var reader = await library.NewReaderAsync();

        var answer = await reader.Api.PatchAsync(Readers, Body.Form((field, value)), reader.ETag);

        Expect.BadRequest(answer);
    }

    [Fact]
    public async Task A_librarian_finds_readers_by_a_part_of_the_name_in_any_case()
    {
        var word = Any.Word;
        var reader = await library.NewReaderAsync(("fullName", $"Ana {word} Silva"));
        var librarian = await library.LibrarianAsync();

        var answer = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"{Readers}?name={word.ToUpperInvariant()}"), found => found.Status == 200);

        var item = Assert.Single(Expect.Status(200, answer).Items);
        ExpectReaderView(item);
        Assert.Equal(reader.Number, item.Text("readerNumber"));
    }

    [Fact]
    public async Task A_librarian_finds_readers_by_the_whole_phone_number()
    {
        var reader = await library.NewReaderAsync();
        var librarian = await library.LibrarianAsync();

        var answer = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"{Readers}?phoneNumber={reader.Phone}"), found => found.Status == 200);

        Assert.Contains(Expect.Status(200, answer).Items, item => item.Text("readerNumber") == reader.Number);
        Assert.All(answer.Items, item => Assert.Equal(reader.Phone, item.Text("phoneNumber")));
        Expect.Error(404, await librarian.GetAsync($"{Readers}?phoneNumber={reader.Phone[..8]}"));
    }

    [Fact]
    public async Task No_reader_found_is_not_found()
    {
        var librarian = await library.LibrarianAsync();

        Expect.Error(404, await librarian.GetAsync($"{Readers}?name={Any.Word}"));
        Expect.Error(404, await librarian.GetAsync($"{Readers}?phoneNumber=900000000x"));
    }

    [Theory]
    [InlineData("?name=Nome")]
    [InlineData("?phoneNumber=912345678")]
    public async Task A_reader_does_not_search_for_readers(string query)
    {
        var answer = await (await library.ReaderAsync()).Api.GetAsync(Readers + query);

        Expect.Status(403, answer);
    }

    [Fact]
    public async Task A_librarian_sees_a_reader_with_a_quote()
    {
        var reader = await library.NewReaderAsync();

        var answer = await (await library.LibrarianAsync()).GetAsync(reader.Path);

        var view = Expect.Status(200, answer).Json;
        Expect.Members(
            view, "readerNumber", "email", "fullName", "birthDate", "phoneNumber", "photo", "gdprConsent",
            "marketingConsent", "thirdPartySharingConsent", "interestList", "quote");
        Assert.Equal(reader.Number, view.Text("readerNumber"));
        Assert.False(string.IsNullOrWhiteSpace(view.Text("quote")));
        Assert.Equal(reader.ETag, answer.ETag);
    }

    [Fact]
    [Covers("GET /api/readers/{}/{}", 404)]
    public async Task An_unknown_reader_is_not_found()
    {
        var answer = await (await library.LibrarianAsync()).GetAsync($"{Readers}/1999/1");

        Expect.NotFound(answer);
    }

    [Fact]
    public async Task A_search_finds_readers_by_any_criterion()
    {
        var word = Any.Word;
        var byName = await library.NewReaderAsync(("fullName", $"Ana {word}"));
        var byEmail = await library.NewReaderAsync();
        var byPhone = await library.NewReaderAsync();
        await library.NewReaderAsync();
        var librarian = await library.LibrarianAsync();

        var answer = await Eventually.HoldsAsync(
            () => librarian.PostAsync($"{Readers}/search", new
            {
                page = new { number = 1, limit = 100 },
                query = new { name = word.ToUpperInvariant(), email = byEmail.Username, phoneNumber = byPhone.Phone },
            }),
            found => found.Status == 200 && found.Items.Count >= 3);

        var numbers = Expect.Status(200, answer).Items.Select(item => item.Text("readerNumber")!).ToList();
        Assert.All(answer.Items, ExpectReaderView);
        Assert.Equal(3, numbers.Count);
        Assert.Contains(byName.Number, numbers);
        Assert.Contains(byEmail.Number, numbers);
        Assert.Contains(byPhone.Number, numbers);
    }

    [Fact]
    [Covers("POST /api/readers/search", 404)]
    public async Task A_search_that_finds_nobody_is_not_found()
    {
        var answer = await (await library.LibrarianAsync()).PostAsync(
            $"{Readers}/search", new { query = new { name = Any.Word } });

        Expect.Error(404, answer);
    }

    [Fact]
    public async Task A_reader_sees_the_own_lendings_of_a_book_as_a_bare_array()
    {
        var reader = await library.NewReaderAsync();
        var book = await library.NewBookAsync();
        var returned = await library.LendAndReturnAsync(reader, book.Isbn);
        var open = await library.LendAsync(reader, book.Isbn);
        var path = $"{reader.Path}/lendings?isbn={book.Isbn}";

        var both = await ListAsync(path, 2);
        var returnedOnly = await ListAsync($"{path}&returned=true", 1);
        var openOnly = await ListAsync($"{path}&returned=false", 1);

        Assert.Equal(
            new[] { returned.Number, open.Number }.Order(StringComparer.Ordinal),
            LendingNumbers(both).Order(StringComparer.Ordinal));
        Assert.Equal([returned.Number], LendingNumbers(returnedOnly));
        Assert.Equal([open.Number], LendingNumbers(openOnly));
        Assert.All(both.Json.EnumerateArray(), LendingsTests.ExpectLendingView);

        async Task<Answer> ListAsync(string list, int count) => Expect.Status(200, await Eventually.HoldsAsync(
            () => reader.Api.GetAsync(list), found => found.Status == 200 && found.Json.GetArrayLength() == count));
    }

    [Fact]
    [Covers("GET /api/readers/{}/{}/lendings", 403, 404)]
    public async Task Lendings_of_others_are_private_and_none_is_not_found()
    {
        var reader = await library.NewReaderAsync();
        var other = await library.ReaderAsync();
        var book = await library.BookAsync();

        Expect.Error(403, await reader.Api.GetAsync($"{other.Path}/lendings?isbn={book.Isbn}"));
        Expect.Error(404, await reader.Api.GetAsync($"{reader.Path}/lendings?isbn={book.Isbn}"));
        Expect.BadRequest(await reader.Api.GetAsync($"{reader.Path}/lendings"));
    }

    [Fact]
    public async Task The_five_keenest_readers_come_without_counts()
    {
        await library.TodayAsync();
        var librarian = await library.LibrarianAsync();

        var answer =
            await Eventually.HoldsAsync(() => librarian.GetAsync($"{Readers}/top5"), found => found.Items.Count > 0);

        Assert.InRange(Expect.Status(200, answer).Items.Count, 1, 5);
        Assert.All(answer.Items, ExpectReaderView);
    }

    [Fact]
    public async Task The_keenest_readers_of_a_genre_come_with_counts()
    {
        var genre = await library.NewGenreAsync();
        var book = await library.NewBookAsync(genreName: genre);
        var keen = await library.NewReaderAsync();
        var other = await library.NewReaderAsync();
        await library.LendAsync(other, book.Isbn);
        await library.LendAsync(keen, book.Isbn);
        await library.LendAsync(keen, book.Isbn);
        var librarian = await library.LibrarianAsync();
        var day = await library.TodayAsync();
        var path = $"{Readers}/top5ByGenre?genre={Uri.EscapeDataString(genre)}&{Body.Days(day, day)}";

        var answer = await Eventually.HoldsAsync(
            () => librarian.GetAsync(path), found => found.Status == 200 && found.Items.Count == 2);

        Assert.All(Expect.Status(200, answer).Items, item => Expect.Members(item, "readerView", "lendingCount"));
        Assert.All(answer.Items, item => ExpectReaderView(item.GetProperty("readerView")));
        Assert.Equal(
            [keen.Number, other.Number],
            answer.Items.Select(item => item.GetProperty("readerView").Text("readerNumber")!));
        Assert.Equal([2, 1], answer.Items.Select(item => item.GetProperty("lendingCount").GetInt32()));
    }

    [Fact]
    [Covers("GET /api/readers/top5ByGenre", 400, 404)]
    public async Task The_dates_of_a_report_are_in_order_and_nobody_is_not_found()
    {
        var librarian = await library.LibrarianAsync();
        var genre = Uri.EscapeDataString(await library.NewGenreAsync());

        Expect.BadRequest(await librarian.GetAsync(
            $"{Readers}/top5ByGenre?genre={genre}&startDate=2025-02-01&endDate=2025-01-31"));
        Expect.BadRequest(await librarian.GetAsync(
            $"{Readers}/top5ByGenre?genre={genre}&startDate=yesterday&endDate=2025-01-31"));
        Expect.Error(404, await librarian.GetAsync(
            $"{Readers}/top5ByGenre?genre={genre}&startDate=2025-01-01&endDate=2025-01-31"));
    }

    [Fact]
    [Covers("GET /api/readers/{}/{}/photo", 403, 404)]
    [Covers("GET /api/readers/photo", 404)]
    [Covers("DELETE /api/readers/photo", 404)]
    public async Task A_reader_without_a_photo_has_none_and_others_may_not_ask()
    {
        var reader = await library.NewReaderAsync();
        var other = await library.ReaderAsync();

        Expect.Error(404, await reader.Api.GetAsync($"{Readers}/photo"));
        Expect.Error(404, await reader.Api.DeleteAsync($"{Readers}/photo"));
        Expect.Error(404, await reader.Api.GetAsync($"{reader.Path}/photo"));
        Expect.Error(404, await (await library.LibrarianAsync()).GetAsync($"{reader.Path}/photo"));
        Expect.Error(403, await reader.Api.GetAsync($"{other.Path}/photo"));
    }

    [Fact]
    public async Task A_photo_is_shown_and_removed_by_its_reader()
    {
        var reader = await library.NewReaderAsync(Photo.Jpeg());

        var own = await reader.Api.GetAsync($"{Readers}/photo");
        var byNumber = await reader.Api.GetAsync($"{reader.Path}/photo");
        Expect.Empty(200, await reader.Api.DeleteAsync($"{Readers}/photo", ("If-Match", "\"99\"")));
        var later = await Eventually.HoldsAsync(
            () => reader.Api.GetAsync($"{Readers}/photo"), answer => answer.Status == 404);

        Assert.Equal("image/jpeg", Expect.Status(200, own).ContentType);
        Assert.Equal(own.Body, Expect.Status(200, byNumber).Body);
        Expect.Error(404, later);
    }

    internal static void ExpectReaderView(JsonElement reader)
    {
        Expect.Members(
            reader, "readerNumber", "email", "fullName", "birthDate", "phoneNumber", "photo", "gdprConsent",
            "marketingConsent", "thirdPartySharingConsent", "interestList");
        AuthorsTests.ExpectUrl(reader.Text("photo"), $"{Readers}/{reader.Text("readerNumber")}/photo");
        Assert.Equal(JsonValueKind.Array, reader.GetProperty("interestList").ValueKind);
    }

    private static IEnumerable<string> Numbers(Answer answer) =>
        answer.Json.EnumerateArray().Select(reader => reader.Text("readerNumber")!);

    private static IEnumerable<string> LendingNumbers(Answer answer) =>
        answer.Json.EnumerateArray().Select(lending => lending.Text("lendingNumber")!);
}
