using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Demo;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Photos;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Demo;

/// <summary>Loads the demo library into an empty one, once. Every key is fixed, so loading goes on after a crash.</summary>
internal sealed class DemoLibrary(IGrainFactory grains, PasswordHasher passwords, LibraryCalendar calendar)
{
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var progress = await grains.DemoLibrary().BeginAsync(calendar.Today, cancellationToken);
        if (progress.IsComplete)
        {
            return;
        }

        var facts = await ReadAsync(cancellationToken);
        await Task.WhenAll(
            LoadCatalogueAsync(facts, cancellationToken), LoadUsersAsync(facts, progress.ReferenceDate, cancellationToken));
        await LoadLendingsAsync(facts, progress.ReferenceDate, cancellationToken);

        // Last, as the demo readers' names were not judged by them in the monolith either.
        await grains.ForbiddenWords().SetAsync(Fixed("words"), new(facts.ForbiddenWords), cancellationToken);
        await grains.DemoLibrary().CompleteAsync(cancellationToken);
    }

    private async Task LoadCatalogueAsync(Facts facts, CancellationToken cancellationToken)
    {
        await Task.WhenAll(facts.Genres.Select(genre =>
            grains.Genre(GenreName.Of(genre)).EnsureAsync(new(Fixed($"genre {genre}"), genre), cancellationToken)));
        var authorPhoto = await StorePhotoAsync("author.png", cancellationToken);
        await Task.WhenAll(facts.Authors.Select(async author => Accepted(
            await grains.Author(new(author.Number)).CreateAsync(
                new(Fixed($"author {author.Number}"), author.Name, author.Bio, author.Photo ? authorPhoto : null),
                cancellationToken))));
        await grains.AuthorNumbers().AdvanceToAsync((int)facts.Authors.Max(author => author.Number), cancellationToken);

        var bookPhoto = await StorePhotoAsync("book.png", cancellationToken);
        await Task.WhenAll(facts.Books.Select(async book => Accepted(
            await grains.Book(Isbn.Of(book.Isbn)).CreateAsync(
                new(
                    Fixed($"book {book.Isbn}"),
                    book.Isbn,
                    book.Title,
                    book.Genre,
                    [.. book.Authors.Select(number => new AuthorNumber(number))],
                    book.Description,
                    book.Photo ? bookPhoto : null),
                cancellationToken))));
    }

    private async Task LoadUsersAsync(Facts facts, DateOnly referenceDate, CancellationToken cancellationToken)
    {
        // Interests are folded names; nothing else of a reader needs the catalogue, so both load at the same time.
        var readerPhoto = await StorePhotoAsync("reader.png", cancellationToken);
        await Task.WhenAll(
        [
            .. facts.Admins.Select(user => RegisterAsync(user, Roles.Admin, cancellationToken)),
            .. facts.Librarians.Select(user => RegisterAsync(user, Roles.Librarian, cancellationToken)),
            .. facts.Readers.Select(async reader =>
            {
                var command = new RegisterReader(
                    Fixed($"reader {reader.Seq}"),
                    Username.Of(reader.Username),
                    reader.FullName,
                    await passwords.HashAsync(reader.Password, cancellationToken),
                    new()
                    {
                        BirthDate = reader.BirthDate,
                        PhoneNumber = reader.PhoneNumber,
                        Gdpr = reader.Gdpr,
                        Marketing = reader.Marketing,
                        ThirdParty = reader.ThirdParty,
                        Interests = reader.Interests,
                        Photo = reader.Photo ? readerPhoto : null,
                    });
                Accepted(await grains.Reader(new(referenceDate.Year, reader.Seq)).RegisterAsync(command, cancellationToken));
            }),
        ]);
        await grains.ReaderNumbers(referenceDate.Year).AdvanceToAsync(facts.Readers.Max(reader => reader.Seq), cancellationToken);
    }

    private async Task RegisterAsync(StaffFacts user, string role, CancellationToken cancellationToken)
    {
        var hash = await passwords.HashAsync(user.Password, cancellationToken);
        Accepted(await grains.Login(Username.Of(user.Username))
            .RegisterAsync(new(Fixed($"user {user.Username}"), user.FullName, hash, [role]), cancellationToken));
    }

    // No rule judges these: the demo library shows readers with too many books, and with late ones.
    private async Task LoadLendingsAsync(Facts facts, DateOnly referenceDate, CancellationToken cancellationToken)
    {
        var titles = facts.Books.ToDictionary(book => book.Isbn, book => book.Title, StringComparer.Ordinal);
        await Task.WhenAll(facts.Lendings.GroupBy(lending => lending.Reader).Select(async ofReader =>
        {
            var number = new ReaderNumber(referenceDate.Year, ofReader.Key);
            var reader = Accepted(await grains.Reader(number).GetAsync(cancellationToken));
            var lendings = ofReader.Select(lending => LendingOf(lending, reader, titles, referenceDate)).ToArray();
            await grains.Account(number).LoadAsync(new(Fixed($"lendings {ofReader.Key}"), lendings), cancellationToken);
        }));
        await grains.LendingNumbers(referenceDate.Year)
            .AdvanceToAsync(facts.Lendings.Max(lending => lending.Seq), cancellationToken);
    }

    private static Lending LendingOf(
        LendingFacts facts, Reader reader, Dictionary<string, string> titles, DateOnly referenceDate)
    {
        const int lendingDays = 15;
        const int finePerDayInCents = 200;
        var startedOn = referenceDate.AddDays(-facts.StartedDaysAgo);
        var lending = new Lending
        {
            Number = new(referenceDate.Year, facts.Seq),
            Isbn = Isbn.Of(facts.Isbn),
            Reader = reader.Number,
            ReaderUser = reader.User,
            BookTitle = titles[facts.Isbn],
            StartedOn = startedOn,
            DueOn = startedOn.AddDays(lendingDays),
            FinePerDayInCents = finePerDayInCents,
        };
        if (facts.ReturnedDaysAgo is not { } returnedDaysAgo)
        {
            return lending;
        }

        var returned = lending with { ReturnedOn = referenceDate.AddDays(-returnedDaysAgo), Version = 1 };
        return returned.DaysOverdue(referenceDate) > 0 ? returned with { FineInCents = returned.Fine(referenceDate) } : returned;
    }

    private async Task<string> StorePhotoAsync(string name, CancellationToken cancellationToken)
    {
        await using var stream = Resource(name);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, cancellationToken);
        var photo = new Photo(content.ToArray(), "image/png");
        await grains.Photo(photo.Hash).StoreAsync(photo, cancellationToken);
        return photo.Hash;
    }

    private static async Task<Facts> ReadAsync(CancellationToken cancellationToken)
    {
        await using var stream = Resource("demo-library.json");
        return await JsonSerializer.DeserializeAsync<Facts>(stream, JsonSerializerOptions.Web, cancellationToken)
            ?? throw new InvalidOperationException("The demo library is empty.");
    }

    private static Stream Resource(string name) =>
        typeof(DemoLibrary).Assembly.GetManifestResourceStream($"ApiFrontend.Demo.{name}")
        ?? throw new InvalidOperationException($"{name} is missing from the assembly.");

    private static Operation Fixed(string what) =>
        new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"demo library: {what}")).AsSpan(0, 16)));

    private static T Accepted<T>(Result<T> result) where T : class => result.IsAccepted
        ? result.Value
        : throw new InvalidOperationException($"The demo library was refused: {result.Rejection.Detail}");

    private sealed record Facts(
        string[] Genres,
        AuthorFacts[] Authors,
        BookFacts[] Books,
        StaffFacts[] Admins,
        StaffFacts[] Librarians,
        ReaderFacts[] Readers,
        LendingFacts[] Lendings,
        string[] ForbiddenWords);

    private sealed record AuthorFacts(long Number, string Name, string Bio, bool Photo);

    private sealed record BookFacts(string Isbn, string Title, string Genre, long[] Authors, string Description, bool Photo);

    private sealed record StaffFacts(string Username, string Password, string FullName);

    private sealed record ReaderFacts(
        int Seq,
        string Username,
        string Password,
        string FullName,
        string BirthDate,
        string PhoneNumber,
        bool Gdpr,
        bool Marketing,
        bool ThirdParty,
        string[] Interests,
        bool Photo);

    private sealed record LendingFacts(int Seq, string Isbn, int Reader, int StartedDaysAgo, int? ReturnedDaysAgo);
}
