using System.Globalization;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Tests;

/// <summary>Good values that no other test has, for what a test does not care about.</summary>
internal static class Any
{
    private static int s_sequence;

    public static DateTimeOffset Instant => new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static DateOnly Day => new(2026, 1, 5);

    public static int Number => Interlocked.Increment(ref s_sequence);

    public static Operation Operation => Operation.New();

    public static Isbn Isbn
    {
        get
        {
            var twelve = "978" + Number.ToString("D9", CultureInfo.InvariantCulture);
            var sum = twelve.Select((digit, index) => (digit - '0') * (index % 2 == 0 ? 1 : 3)).Sum();
            return Isbn.Of($"{twelve}{(10 - (sum % 10)) % 10}");
        }
    }

    public static AuthorNumber AuthorNumber => new(1_000_000 + Number);

    public static UserId UserId => new(1_000_000 + Number);

    /// <summary>Of a year in which no test registers readers.</summary>
    public static ReaderNumber ReaderNumber => new(1990, Number);

    /// <summary>Of a year in which no test lends books.</summary>
    public static LendingNumber LendingNumber => new(1990, Number);

    public static Barcode Barcode => Barcode.Of(string.Create(CultureInfo.InvariantCulture, $"C-{Number}"));

    public static Username Username => Username.Of(string.Create(CultureInfo.InvariantCulture, $"reader{Number}@example.org"));

    public static string GenreSpelling => string.Create(CultureInfo.InvariantCulture, $"Género {Number}");

    public static GenreName GenreName => GenreName.Of(GenreSpelling);

    public static LendBook LendBook => Lend(Isbn);

    public static LendBook Lend(Isbn isbn, Barcode? barcode = null) =>
        new(Operation, isbn, "O Livro do Desassossego", UserId, barcode);

    public static ReturnBook Return(LendingNumber number) => new(Operation, number, ExpectedVersion: null);

    public static Lending Lending(LendingNumber number, ReaderNumber reader) => new()
    {
        Number = number,
        Isbn = Isbn,
        Reader = reader,
        ReaderUser = UserId,
        BookTitle = "O Livro do Desassossego",
        StartedOn = Day,
        DueOn = Day.AddDays(15),
        FinePerDayInCents = 200,
    };

    public static RegisterReader RegisterReader => new(Operation, Username, "Maria Albertina", "hash", ReaderProfile);

    public static ReaderProfile ReaderProfile => new() { BirthDate = "1990-05-17", PhoneNumber = "912345678", Gdpr = true };
}
