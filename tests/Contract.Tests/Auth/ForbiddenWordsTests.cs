namespace Lms.Contract.Tests;

public sealed class ForbiddenWordsTests(LibraryFixture library)
{
    [Fact]
    public async Task An_administrator_forbids_a_word_and_no_name_may_contain_it()
    {
        var word = $"Zq{Any.Word}";
        var admin = await library.AdminAsync();

        var answer = await ForbiddenWords.BorrowAsync(library, async words =>
        {
            var changed =
                Expect.Status(200, await admin.PutAsync(ForbiddenWords.Path, new { words = words.Append(word) }));
            Assert.Contains(word, ForbiddenWords.Read(changed));
            Assert.Contains(word, ForbiddenWords.Read(await admin.GetAsync(ForbiddenWords.Path)));
            return await Eventually.HoldsAsync(
                () => library.Anyone.PostAsync("/api/readers", Body.Form(Any.Reader(("fullName", $"Ana x{word}x")))),
                registration => registration.Status != 201);
        });

        Expect.BadRequest("Name contains a forbidden word", answer);
        Assert.DoesNotContain(word, ForbiddenWords.Read(await admin.GetAsync(ForbiddenWords.Path)));
    }

    [Theory]
    [InlineData("""{"words":"one"}""")]
    [InlineData("""{"words":[1]}""")]
    [InlineData("""{"words":[""")]
    [Covers("PUT /api/admin/forbidden-words", 400)]
    public async Task Words_come_as_a_list_of_texts(string body)
    {
        var admin = await library.AdminAsync();

        var answer = await ForbiddenWords.BorrowAsync(library, _ =>
            admin.PutAsync(ForbiddenWords.Path, Body.Raw(body, "application/json")));

        Expect.PlainProblem(400, answer);
    }

    [Theory]
    [InlineData("Batman")]
    [InlineData("Hulk")]
    [InlineData("Cinderela")]
    [InlineData("Espirro")]
    [InlineData("Superman")]
    [InlineData("Ciclone")]
    [InlineData("Fantasia")]
    [InlineData("Revolução")]
    [InlineData("Arco-Íris")]
    [InlineData("Liberdade")]
    [InlineData("Viagem")]
    [InlineData("Oceano")]
    [InlineData("Princesa")]
    [InlineData("Rainha")]
    [InlineData("Marquesa")]
    [InlineData("Imperador")]
    [InlineData("Demónio")]
    [InlineData("Triste")]
    [InlineData("Gelo")]
    [InlineData("Sol")]
    [InlineData("Lúcifer")]
    [InlineData("Tosse")]
    [InlineData("Comunismo")]
    [InlineData("Ana Solange")]
    public async Task The_demo_library_forbids_these_words_in_names(string name)
    {
        await library.DemoAsync();

        await ForbiddenWords.KeepAsync(async () =>
        {
            var reader = await library.Anyone.PostAsync("/api/readers", Body.Form(Any.Reader(("fullName", name))));
            var account = await library.Anyone.PostAsync(
                "/api/public/register", new { username = Any.Email, password = Any.Password, name, role = "READER" });

            Expect.BadRequest("Name contains a forbidden word", reader);
            Expect.BadRequest("Name contains a forbidden word", account);
        });
    }
}
