using Lms.ReadModel.Authors;
using Lms.ReadModel.Books;
using Lms.ReadModel.Genres;
using Lms.ReadModel.Imports;
using Lms.ReadModel.Lendings;
using Lms.ReadModel.Readers;
using Lms.ReadModel.Users;

namespace Lms.ReadModel.Tests;

/// <summary>Rows in which the test changes what it is about.</summary>
internal static class Any
{
    public static readonly DateTimeOffset Instant = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static AuthorRow Author(long number, string name = "Any Author") => new()
    {
        Key = $"author:{number}",
        RowVersion = 1,
        Number = number,
        Name = name,
        NameFolded = Folded(name),
        Bio = "Any bio",
        Version = 0,
    };

    public static GenreRow Genre(string name) => new()
    {
        Key = $"genre:{Folded(name)}",
        RowVersion = 1,
        Folded = Folded(name),
        Name = name,
        Retired = false,
        Version = 0,
    };

    public static BookRow Book(
        string isbn, string title = "Any title", string genre = "Any genre", params long[] authors) =>
        new()
        {
            Key = $"isbn:{isbn}",
            RowVersion = 1,
            Isbn = isbn,
            Title = title,
            TitleFolded = Folded(title),
            GenreFolded = Folded(genre),
            Version = 0,
            Authors = authors,
            IsHidden = false,
            Text = new()
            {
                Titles = Folded(title),
                Subjects = "",
                Description = "",
                Publisher = "",
                Isbns = isbn,
            },
        };

    public static UserRow User(long id, string username = "any@example.io", string fullName = "Any User") => new()
    {
        Key = $"user:{id}",
        RowVersion = 1,
        Id = id,
        Username = username,
        FullName = fullName,
        FullNameFolded = Folded(fullName),
        Roles = "READER",
        Enabled = true,
        TokenVersion = 0,
        PasswordHash = $"hash of {id}",
    };

    public static ReaderRow Reader(string number, string fullName = "Any Reader", params string[] interests)
    {
        var (year, sequence) = Numbers(number);
        return new()
        {
            Key = $"reader:{number}",
            RowVersion = 1,
            Number = number,
            Year = year,
            Sequence = sequence,
            UserId = 1000 + sequence,
            Username = $"reader{sequence}@example.io",
            FullName = fullName,
            FullNameFolded = Folded(fullName),
            BirthOn = new(2000, 2, 29),
            PhoneNumber = "912345678",
            Gdpr = true,
            Marketing = false,
            ThirdParty = true,
            Version = 0,
            Interests = [.. interests.Select(Folded)],
            IsHidden = false,
        };
    }

    public static LendingRow Lending(
        string number, string isbn = "any", string reader = "2026/1", string startedOn = "2026-01-05", int? days = null)
    {
        var (year, sequence) = Numbers(number);
        var started = Day(startedOn);
        return new()
        {
            Key = $"lending:{number}",
            RowVersion = 1,
            Number = number,
            Year = year,
            Sequence = sequence,
            Isbn = isbn,
            BookTitle = "Title when lent",
            Reader = reader,
            Status = days is null ? LendingStatus.Active : LendingStatus.Returned,
            StartedOn = started,
            DueOn = started.AddDays(15),
            ReturnedOn = days is { } length ? started.AddDays(length) : null,
            FinePerDayInCents = 200,
            Version = 0,
            Operation = "any operation",
        };
    }

    public static CopyRow Copy(string barcode, string isbn = "any") => new()
    {
        Key = $"copy:{barcode}",
        RowVersion = 1,
        Barcode = barcode,
        Isbn = isbn,
        Withdrawn = false,
        Version = 0,
    };

    public static AccountRow Account(string reader, params AccountEntry[] entries) => new()
    {
        Key = $"account:{reader}",
        RowVersion = 1,
        Reader = reader,
        Entries = entries,
    };

    public static AccountEntry Entry(string number, string phase, DateTimeOffset? deadline = null) =>
        new(number, "any", phase, deadline, null);

    public static HoldingsRow Holdings(string isbn) =>
        new() { Key = $"holdings:{isbn}", RowVersion = 1, Isbn = isbn };

    public static ImportRow Import(string id) => new()
    {
        Key = $"import:{id}",
        RowVersion = 1,
        Id = id,
        QueuedAt = DateTimeOffset.UnixEpoch,
    };

    public static LoginRow Login(string username) =>
        new() { Key = $"login:{username}", RowVersion = 1, Username = username, UserId = 1 };

    public static DateOnly Day(string text) =>
        DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Enough for the letters in these tests.</summary>
    public static string Folded(string text) => string.Concat(text.ToLowerInvariant().Select(letter => letter switch
    {
        'á' or 'à' or 'ã' or 'â' => 'a',
        'é' or 'ê' => 'e',
        'í' => 'i',
        'ó' or 'õ' or 'ô' => 'o',
        'ú' => 'u',
        'ç' => 'c',
        _ => letter,
    }));

    private static (int Year, int Sequence) Numbers(string number)
    {
        var parts = number.Split('/');
        return (int.Parse(parts[0], provider: null), int.Parse(parts[1], provider: null));
    }
}
