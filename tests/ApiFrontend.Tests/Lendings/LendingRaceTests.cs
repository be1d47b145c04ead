using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Lendings;
using Microsoft.Extensions.DependencyInjection;

namespace Lms.ApiFrontend.Tests.Lendings;

public sealed class LendingRaceTests(LibraryFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Of_a_hundred_readers_one_gets_the_last_copy(int seed)
    {
        var (isbn, barcodes) = await Library.AddBookAsync(copies: 1);
        var readers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Library.AddReaderAsync()));

        Answer[] answers;
        using (Library.Storage.Shake(seed))
        {
            answers = await Task.WhenAll(readers.Select((reader, index) =>
                LendAsync(Library.At(index, Library.Librarian), isbn, reader.Number, Any.Key)));
        }

        var winner = Assert.Single(answers, answer => answer.Status == 201).Json.Text("lendingNumber")!;
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal(
            "No copy available", Expect.Error(403, "Lending forbidden!", answer)[0].GetString()));
        Assert.Empty(LendingChecks.Violations(Library, barcodes[0], winner));
        foreach (var (reader, answer) in readers.Zip(answers))
        {
            Assert.Empty(await LendingChecks.ViolationsAsync(Library, reader.Number, Lent([answer])));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_reader_in_a_hurry_gets_three_books(int seed)
    {
        var (reader, answers) = await LendToOneReaderAsync(Library, seed);

        Assert.Empty(await LendingChecks.ViolationsAsync(Library, reader.Number, Lent(answers)));
        Assert.Equal(3, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal(
            "Reader has three books outstanding already", Expect.Error(403, "Lending forbidden!", answer)[0].GetString()));
    }

    [Fact]
    public async Task A_library_that_counts_after_it_lends_is_found_out()
    {
        await using var library = new TestLibrary(silos: 2, gateways: 2, TimeProvider.System, services =>
            services.Configure<LendingOptions>(options => options.ChecksLimitAfterTheWrite = true));
        await library.StartAsync();

        var (reader, answers) = await LendToOneReaderAsync(library, seed: 1);

        var violations = await LendingChecks.ViolationsAsync(library, reader.Number, Lent(answers));
        Assert.Contains(violations, violation => violation.Contains("open lendings in the API", StringComparison.Ordinal));
        Assert.Contains(violations, violation => violation.Contains("open lendings in storage", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Fifty_equal_requests_lend_one_book(int seed)
    {
        var (isbn, _) = await Library.AddBookAsync();
        var reader = await Library.AddReaderAsync();
        var key = Any.Key;

        Answer[] answers;
        using (Library.Storage.Shake(seed, share: 0.15))
        {
            answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(index =>
                LendAsync(Library.At(index, Library.Librarian), isbn, reader.Number, key)));
        }

        Assert.All(answers, answer => Expect.Status(201, answer));
        Assert.Single(Lent(answers).Distinct(StringComparer.Ordinal));
        Assert.Empty(await LendingChecks.ViolationsAsync(Library, reader.Number, Lent(answers)));
    }

    private static async Task<(TestReader Reader, Answer[] Answers)> LendToOneReaderAsync(TestLibrary library, int seed)
    {
        var (isbn, _) = await library.AddBookAsync();
        var reader = await library.AddReaderAsync();
        using (library.Storage.Shake(seed, share: 0.15))
        {
            return (reader, await Task.WhenAll(Enumerable.Range(0, 20).Select(index =>
                LendAsync(library.At(index, library.Librarian), isbn, reader.Number, Any.Key))));
        }
    }

    private static Task<Answer> LendAsync(Client librarian, string isbn, string readerNumber, string key) =>
        Patience.UntilAnsweredAsync(() =>
            librarian.PostAsync("/api/lendings", new { isbn, readerNumber }, ("Idempotency-Key", key)));

    private static List<string> Lent(IEnumerable<Answer> answers) =>
        [.. answers.Where(answer => answer.Status == 201).Select(answer => answer.Json.Text("lendingNumber")!)];
}
