using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Lendings;
using Lms.Grains.Tests;

namespace Lms.ApiFrontend.Tests.Operations;

/// <summary>Requests that were told 503, and are repeated when storage works again.</summary>
public sealed class RepeatTests(LibraryFixture fixture) : GatewayTest, IDisposable
{
    /// <summary>More failures than a gateway has patience for.</summary>
    private const int Persistently = 200;

    private TestLibrary Library => fixture.Library;

    /// <summary>Where requests end soon; only what is meant to fail, and its repeat, goes there.</summary>
    private Client Impatient => fixture.Impatient.Anyone.With(Library.Librarian.Token);

    public void Dispose() => Library.Stored.Calm();

    [Fact]
    public async Task What_failed_is_not_remembered()
    {
        var (isbn, _) = await Library.AddBookAsync();
        var reader = await Library.AddReaderAsync();
        Fail(AccountState.Name, $"{LendingGrains.AccountPrefix}{reader.Number}");

        var lent = await RepeatedAsync(key =>
            Impatient.PostAsync("/api/lendings", new { isbn, readerNumber = reader.Number }, key));

        Expect.Status(201, lent);
    }

    [Fact]
    public async Task A_copy_that_was_withdrawn_in_vain_is_withdrawn_by_the_repeat()
    {
        var (isbn, barcodes) = await Library.AddBookAsync(copies: 1);
        Fail(HoldingsState.Name, $"{LendingGrains.HoldingsPrefix}{isbn}", skip: 1);

        var withdrawn = await RepeatedAsync(key => Impatient.DeleteAsync($"/api/copies/{barcodes[0]}", key));

        Expect.Empty(204, withdrawn);
        Expect.Status(404, await Library.Librarian.GetAsync($"/api/copies/{barcodes[0]}"));
    }

    [Fact]
    public async Task A_book_that_came_back_unheard_at_the_desk_is_returned_by_the_repeat()
    {
        var (isbn, barcodes) = await Library.AddBookAsync(copies: 1);
        var reader = await Library.AddReaderAsync();
        var lent = Expect.Status(
            201, await Library.Librarian.PostAsync("/api/lendings", new { isbn, readerNumber = reader.Number }));
        Fail(AccountState.Name, $"{LendingGrains.AccountPrefix}{reader.Number}");

        var returned = await RepeatedAsync(key => Impatient.PostAsync("/api/returns", new { barcode = barcodes[0] }, key));

        Assert.Equal(lent.Json.Text("lendingNumber"), Expect.Status(200, returned).Json.Text("lendingNumber"));
        Assert.Empty(await Lendings.LendingChecks.ViolationsAsync(Library, reader.Number, []));
    }

    private void Fail(string state, string key, int skip = 0)
    {
        for (var i = 0; i < Persistently; i++)
        {
            Library.Stored.Interrupt(Cut.WriteFails, state, key, skip);
        }
    }

    private async Task<Answer> RepeatedAsync(Func<(string, string), Task<Answer>> send)
    {
        var key = ("Idempotency-Key", Any.Key);
        Expect.Status(503, await send(key));
        Library.Stored.Calm();
        return await Patience.UntilAnsweredAsync(() => send(key));
    }
}
