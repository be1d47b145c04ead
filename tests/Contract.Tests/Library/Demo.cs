namespace Lms.Contract.Tests;

/// <summary>
/// What is known of the demo library. Readers 1 to 6 each hold a late lending, 4 and 5 seven open ones each. The tests
/// of late lendings return those of readers 2 and 5 and leave all others as they are.
/// </summary>
internal sealed class Demo(LibraryFixture library, Api? librarian)
{
    public const string Librarian = "maria@gmail.com";
    public const string LibrarianPassword = "Mariaroberta!123";

    /// <summary>Returned three times, after 2, 5 and 5 days; nothing here lends it again.</summary>
    public const string BookOfFourDays = "9789895702756";

    /// <summary>Title "O Hobbit" by "J R R Tolkien", who has the library's only picture of an author.</summary>
    public const string Hobbit = "9789897776090";

    private static readonly (string Username, string Password)[] Readers =
    [
        ("manuel@gmail.com", "Manuelino123!"), ("joao@gmail.com", "Joaoratao!123"),
        ("pedro@gmail.com", "Pedrodascenas!123"), ("catarina@gmail.com", "Catarinalivro!123"),
        ("marcelo@gmail.com", "Marceloleitor!123"), ("luis@gmail.com", "Luisbiblioteca!123"),
        ("antonio@gmail.com", "Antonioleituras!123"), ("andre@gmail.com", "Andreestante!123"),
    ];

    public bool IsThere => librarian is not null;

    public Api Staff => librarian ?? throw new InvalidOperationException("No demo library here.");

    /// <summary>Signs in as reader 1 to 8 of the demo library.</summary>
    public async Task<AReader> ReaderAsync(int sequence)
    {
        var (username, password) = Readers[sequence - 1];
        var api = await library.SignInAsync(username, password);
        var profile = Expect.Status(200, await api.GetAsync("/api/readers"));
        return new AReader(
            profile.Json.Text("readerNumber")!, username, profile.Json.Text("fullName")!,
            profile.Json.Text("phoneNumber")!, profile.ETag, api);
    }
}
