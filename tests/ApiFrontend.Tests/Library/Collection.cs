namespace Lms.ApiFrontend.Tests.Library;

/// <summary>A reader as tests know one.</summary>
internal sealed record TestReader(string Number, string Username, Client Client);

/// <summary>Fills a library through its own API.</summary>
internal static class Collection
{
    extension(TestLibrary library)
    {
        public async Task<TestReader> AddReaderAsync()
        {
            var username = Any.Email;
            var answer = Expect.Status(201, await library.Anyone.PostAsync("/api/readers", Registration(username)));
            return new(answer.Json.Text("readerNumber")!, username, await library.SignInAsync(username, TestLibrary.Password));
        }

        public async Task<string> AddGenreAsync()
        {
            var name = Any.Genre;
            Expect.Status(201, await library.Librarian.PostAsync("/api/genres", new { name }));
            return name;
        }

        public async Task<string> AddAuthorAsync() => Expect
            .Status(201, await library.Librarian.PostAsync("/api/authors", new { name = "Sophia Andresen", bio = "Poeta." }))
            .Json.GetProperty("authorNumber").GetRawText();

        /// <summary>A book and its copies.</summary>
        public async Task<(string Isbn, string[] Barcodes)> AddBookAsync(int copies = 0)
        {
            var (isbn, barcodes) = (Any.Isbn, Enumerable.Range(0, copies).Select(_ => Any.Barcode).ToArray());
            Expect.Status(201, await library.Librarian.PostAsync("/api/books/complete", new
            {
                isbn,
                title = "O Livro do Desassossego",
                genre = "Prosa",
                authors = new[] { new { name = "Bernardo Soares", bio = "Ajudante de guarda-livros." } },
            }));
            foreach (var barcode in barcodes)
            {
                Expect.Status(201, await library.Librarian.PostAsync($"/api/books/{isbn}/copies", new { barcode }));
            }

            return (isbn, barcodes);
        }
    }

    public static HttpContent Registration(string username) => Body.Form(
        ("username", username),
        ("password", TestLibrary.Password),
        ("fullName", "Maria Albertina"),
        ("birthDate", "1990-05-17"),
        ("phoneNumber", "912345678"),
        ("gdpr", "true"));
}
