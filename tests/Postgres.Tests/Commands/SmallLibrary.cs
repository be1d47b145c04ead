using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Abstractions.Users;

namespace Lms.Postgres.Tests.Commands;

/// <summary>One author, one reader, two copies of one book: the first is lent, the second was and is back.</summary>
internal sealed record SmallLibrary(Reader Reader, Lending Lent, Lending Returned)
{
    public static readonly Barcode First = Barcode.Of("C-1");
    public static readonly Barcode Second = Barcode.Of("C-2");
    public static readonly Isbn Isbn = Isbn.Of("9789897776090");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<SmallLibrary> MakeAsync(IGrainFactory grains)
    {
        var profile = new ReaderProfile { BirthDate = "1990-05-17", PhoneNumber = "912345678", Gdpr = true };
        var reader = (await grains.ReaderRegistration().RegisterAsync(
            new(Operation.New(), Username.Of("ana@example.org"), "Ana", "hash", profile), Token)).Value!;
        var author = new AuthorNumber(await grains.AuthorNumbers().NextAsync(Token));
        Assert.True((await grains.Author(author).CreateAsync(new(Operation.New(), "Lisa", "Bio", null), Token)).IsAccepted);
        foreach (var barcode in new[] { First, Second })
        {
            Assert.True((await grains.Holdings(Isbn).AddAsync(new(Operation.New(), barcode, null, null), Token)).IsAccepted);
        }

        return new(
            reader,
            await LendAsync(grains, reader, First),
            await ReturnAsync(grains, await LendAsync(grains, reader, Second)));
    }

    public static async Task<Lending> LendAsync(IGrainFactory grains, Reader reader, Barcode barcode) =>
        (await grains.Account(reader.Number).LendAsync(new(Operation.New(), Isbn, "O Hobbit", reader.User, barcode), Token)).Value!;

    public static async Task<Lending> ReturnAsync(IGrainFactory grains, Lending lending) =>
        (await grains.Account(lending.Reader).ReturnAsync(new(Operation.New(), lending.Number, null), Token)).Value!;
}
