using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Authors;
using Lms.Grains.Lendings;
using Microsoft.Data.Sqlite;

namespace Lms.Grains.Tests.Infrastructure;

/// <summary>What callers see when something breaks behind a grain.</summary>
public sealed class FaultTests(ClusterFixture fixture) : GrainTest(fixture)
{
    public static TheoryData<string> StorageExceptions => ["io", "timeout", "database"];

    private IAuthorGrain Author { get; } = fixture.Cluster.Grains.Author(Any.AuthorNumber);

    private CreateAuthor Command { get; } = new(Any.Operation, "Ana", "Bio", Photo: null);

    [Theory]
    [MemberData(nameof(StorageExceptions))]
    public async Task A_write_that_storage_does_not_answer_is_a_storage_fault_that_may_be_repeated(string exception)
    {
        Storage.FailWrite(AuthorState.Name, exception: Exception(exception));

        var fault = await Assert.ThrowsAsync<GrainFault>(() => Author.CreateAsync(Command, Token));

        Assert.Equal((FaultKind.Storage, true), (fault.Kind, fault.IsRetryable));
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
        Assert.True((await Author.CreateAsync(Command, Token)).IsAccepted);
    }

    [Fact]
    public async Task A_write_that_another_was_faster_than_is_a_conflict_that_may_be_repeated()
    {
        Storage.Interrupt(Cut.Conflict, AuthorState.Name);

        var fault = await Assert.ThrowsAsync<GrainFault>(() => Author.CreateAsync(Command, Token));

        Assert.Equal((FaultKind.Conflict, true), (fault.Kind, fault.IsRetryable));
        Assert.True((await Author.CreateAsync(Command, Token)).IsAccepted);
    }

    [Fact]
    public async Task A_fault_of_storage_itself_keeps_its_kind()
    {
        Storage.FailWrite(AuthorState.Name, exception: new GrainFault(FaultKind.Conflict, "Somebody else wrote."));

        var fault = await Assert.ThrowsAsync<GrainFault>(() => Author.CreateAsync(Command, Token));

        Assert.Equal(FaultKind.Conflict, fault.Kind);
    }

    [Fact]
    public async Task Anything_else_is_unexpected_must_not_be_repeated_and_tells_nothing_of_the_inside()
    {
        Storage.FailWrite(AuthorState.Name, exception: new FormatException("secret"));

        var fault = await Assert.ThrowsAsync<GrainFault>(() => Author.CreateAsync(Command, Token));

        Assert.Equal((FaultKind.Unexpected, false), (fault.Kind, fault.IsRetryable));
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
        Assert.Null(fault.InnerException);
    }

    [Theory]
    [InlineData(CopyState.Name)]
    [InlineData(LendingState.Name)]
    [InlineData(AccountState.Name)]
    public async Task A_fault_crosses_several_grains_as_it_is(string state)
    {
        var (isbn, barcode) = (Any.Isbn, Any.Barcode);
        await Grains.Holdings(isbn).AddAsync(new(Any.Operation, barcode, null, null), Token);
        Storage.FailWrite(state, exception: Exception("timeout"));

        var fault = await Assert.ThrowsAsync<GrainFault>(
            () => Grains.Account(Any.ReaderNumber).LendAsync(Any.Lend(isbn), Token));

        Assert.Equal(FaultKind.Storage, fault.Kind);
    }

    [Theory]
    [InlineData(CopyState.Name)]
    [InlineData(LendingState.Name)]
    public async Task A_state_that_cannot_be_read_behind_another_grain_is_a_fault_as_well(string state)
    {
        var (isbn, barcode) = (Any.Isbn, Any.Barcode);
        await Grains.Holdings(isbn).AddAsync(new(Any.Operation, barcode, null, null), Token);
        await Cluster.ForgetAsync(Grains.Copy(barcode));
        Storage.FailRead(state, exception: Exception("timeout"));

        var fault = await Assert.ThrowsAsync<GrainFault>(
            () => Grains.Account(Any.ReaderNumber).LendAsync(Any.Lend(isbn), Token));

        Assert.Equal(FaultKind.Storage, fault.Kind);
    }

    [Theory]
    [MemberData(nameof(StorageExceptions))]
    public async Task A_state_that_cannot_be_read_is_a_fault_that_may_be_repeated(string exception)
    {
        Storage.FailRead(AuthorState.Name, exception: Exception(exception));

        var fault = await Assert.ThrowsAsync<GrainFault>(() => Author.GetAsync(Token));

        Assert.Equal((FaultKind.Storage, true), (fault.Kind, fault.IsRetryable));
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
        Assert.True((await Author.CreateAsync(Command, Token)).IsAccepted);
    }

    [Fact]
    public async Task A_refusal_is_a_value()
    {
        var refused = await Author.GetAsync(Token);

        Assert.False(refused.IsAccepted);
        Assert.Equal(RejectionKind.NotFound, refused.Rejection.Kind);
    }

    [Fact]
    public async Task After_a_fault_reads_tell_what_is_stored()
    {
        await Author.CreateAsync(Command, Token);
        Storage.Interrupt(Cut.ReplyIsLost, AuthorState.Name);
        var change = new ChangeAuthor(Any.Operation, 0, "Eça", null, null);
        await Assert.ThrowsAsync<GrainFault>(() => Author.ChangeAsync(change, Token));

        var read = await Author.GetAsync(Token);
        var repeated = await Author.ChangeAsync(change, Token);

        Assert.Equal("Eça", read.Value?.Name);
        Assert.Equal(1, repeated.Value?.Version);
    }

    [Fact]
    public async Task After_a_fault_that_storage_itself_has_named_reads_tell_what_is_stored()
    {
        await Author.CreateAsync(Command, Token);
        Storage.LoseReply(AuthorState.Name, new GrainFault(FaultKind.Storage, "Storage did not answer."));
        await Assert.ThrowsAsync<GrainFault>(
            () => Author.ChangeAsync(new(Any.Operation, 0, "Eça", null, null), Token));

        Assert.Equal("Eça", (await Author.GetAsync(Token)).Value?.Name);
    }

    [Fact]
    public async Task A_failed_write_changes_nothing_that_a_read_could_see()
    {
        await Author.CreateAsync(Command, Token);
        Storage.FailWrite(AuthorState.Name);
        await Assert.ThrowsAsync<GrainFault>(
            () => Author.ChangeAsync(new(Any.Operation, 0, "Eça", null, null), Token));

        Assert.Equal("Ana", (await Author.GetAsync(Token)).Value?.Name);
    }

    [Fact]
    public async Task A_call_that_was_cancelled_before_its_write_writes_nothing()
    {
        var genre = Any.GenreName;
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Grains.Genre(genre).CreateAsync(new(Any.Operation, genre.Folded), source.Token));

        Assert.False((await Grains.Genre(genre).GetAsync(Token)).IsAccepted);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_during_its_write_finishes_it()
    {
        using var source = new CancellationTokenSource();
        var held = Storage.HoldWrite(AuthorState.Name);
        var creating = Author.CreateAsync(Command, source.Token);
        await held.Struck;
        await source.CancelAsync();

        held.Release();
        var outcome = await Record.ExceptionAsync(() => creating);

        Assert.True(outcome is null or OperationCanceledException);
        Assert.Equal("Ana", (await Author.GetAsync(Token)).Value?.Name);
    }

    private static Exception Exception(string name) => name switch
    {
        "io" => new IOException("secret"),
        "timeout" => new TimeoutException("secret"),
        _ => new SqliteException("secret", 5),
    };
}
