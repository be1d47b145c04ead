using System.Globalization;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Authors;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Authors;
using Lms.ReadModel.Infrastructure;
using Microsoft.Data.Sqlite;

namespace Lms.Grains.Tests.Infrastructure;

/// <summary>How the read model follows the states, and catches up when it could not. A cluster of its own: it breaks the file.</summary>
public sealed class ProjectionTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new(silos: 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Reconciler Reconciler => _cluster.Service<Reconciler>();

    public ValueTask InitializeAsync() => _cluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task What_was_written_is_in_the_lists_when_the_command_is_answered()
    {
        var number = Any.AuthorNumber;

        await _cluster.Grains.Author(number).CreateAsync(new(Any.Operation, "Ana", "Bio", null), Token);

        Assert.Equal(["Ana"], await ColumnAsync("SELECT name FROM authors"));
        Assert.Equal(0, await Reconciler.ReconcileAsync(Token));
    }

    [Fact]
    public async Task A_read_model_that_cannot_be_written_fails_no_command_and_is_repaired()
    {
        var (number, operation) = (Any.AuthorNumber, Any.Operation);
        await ExecuteAsync("ALTER TABLE authors RENAME TO hidden");

        var created = await _cluster.Grains.Author(number).CreateAsync(new(operation, "Ana", "Bio", null), Token);
        var missed = _cluster.Service<Projector>().TakeMissed();
        await ExecuteAsync("ALTER TABLE hidden RENAME TO authors");
        var repaired = await Reconciler.ReconcileAsync(Token);

        Assert.True(created.IsAccepted);
        Assert.True(missed);
        Assert.Equal(1, repaired);
        Assert.Equal(["Ana"], await ColumnAsync("SELECT name FROM authors"));
        Assert.Equal(0, await Reconciler.ReconcileAsync(Token));
    }

    [Fact]
    public async Task What_waits_when_a_silo_stops_is_in_the_lists_when_it_has_stopped()
    {
        await using (var other = new SqliteConnection($"Data Source={_cluster.ReadModelFile}"))
        {
            await other.OpenAsync(Token);
            await using var transaction = await other.BeginTransactionAsync(Token);
            await using var write = other.CreateCommand();
            write.CommandText = "DELETE FROM authors";
            await write.ExecuteNonQueryAsync(Token);

            // Answered, although nobody else can write now.
            await _cluster.Grains.Author(Any.AuthorNumber).CreateAsync(new(Any.Operation, "Ana", "Bio", null), Token);
            var stopping = _cluster.StopSiloAsync(_cluster.SiloNames.Single());
            Assert.Empty(await ColumnAsync("SELECT name FROM authors"));
            await transaction.RollbackAsync(Token);
            await stopping;
        }

        Assert.Equal(["Ana"], await ColumnAsync("SELECT name FROM authors"));
    }

    [Fact]
    public async Task Who_may_look_at_once_waits_for_no_import()
    {
        var projector = _cluster.Service<Projector>();
        List<Task> projected;
        await using (var other = new SqliteConnection($"Data Source={_cluster.ReadModelFile}"))
        {
            await other.OpenAsync(Token);
            await using var transaction = await other.BeginTransactionAsync(Token);
            projected = [.. Enumerable.Range(1, 1_000).Select(number => projector.ProjectAsync(Row(number), isListed: false))];
            projected.Add(projector.ProjectAsync(Row(5_000), isListed: true));
            await transaction.RollbackAsync(Token);
        }

        await Task.WhenAll(projected);
        const string Written = "SELECT grain_key FROM authors ORDER BY rowid";
        while ((await ColumnAsync(Written)).Count < projected.Count)
        {
            await Task.Delay(20, Token);
        }

        // Only the batch that was on its way came before, and what shares one with it.
        Assert.InRange((await ColumnAsync(Written)).IndexOf("author:5000"), 0, 200);

        static AuthorRow Row(int number) => new()
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"author:{number}"),
            RowVersion = 1,
            Number = number,
            Name = "Ana",
            NameFolded = "ana",
            Bio = "Bio",
            Version = 0,
        };
    }

    [Fact]
    public async Task Rows_that_can_be_written_do_not_wait_for_one_that_cannot()
    {
        await ExecuteAsync("ALTER TABLE authors RENAME TO hidden");

        await Task.WhenAll(
            _cluster.Grains.Author(Any.AuthorNumber).CreateAsync(new(Any.Operation, "Ana", "Bio", null), Token),
            CreateGenreAsync("Romance"),
            CreateGenreAsync("Conto"));

        Assert.Equal(["Conto", "Romance"], await ColumnAsync("SELECT name FROM genres ORDER BY name"));
        await ExecuteAsync("ALTER TABLE hidden RENAME TO authors");
    }

    [Fact]
    public async Task A_state_that_was_stored_by_a_silo_that_died_at_once_is_shown_by_the_reconciler()
    {
        var number = Any.AuthorNumber;
        await _cluster.Grains.Author(number).CreateAsync(new(Any.Operation, "Ana", "Bio", null), Token);
        var state = _cluster.Storage.Find<AuthorState>(AuthorState.Name, $"author:{number}")!;
        _cluster.Storage.Overwrite(AuthorState.Name, $"author:{number}", state with { Author = state.Author! with { Name = "Eça" } });

        Assert.Equal(1, await Reconciler.ReconcileAsync(Token));
        Assert.Equal(["Eça"], await ColumnAsync("SELECT name FROM authors"));
    }

    [Fact]
    public async Task A_read_model_that_was_deleted_is_made_again_row_by_row()
    {
        await FillAsync();
        await Reconciler.ReconcileAsync(Token);
        var before = await DumpAsync();
        foreach (var table in await TablesAsync())
        {
            await ExecuteAsync($"DROP TABLE {table}");
        }

        await _cluster.ReadModel.MigrateAsync(Token);
        var repaired = await Reconciler.ReconcileAsync(Token);

        Assert.NotEmpty(before);
        Assert.True(repaired > 0);
        Assert.Equal(before, await DumpAsync());
        Assert.Equal(0, await Reconciler.ReconcileAsync(Token));
    }

    [Fact]
    public async Task A_read_model_that_was_emptied_is_filled_again()
    {
        await FillAsync();
        await Reconciler.ReconcileAsync(Token);
        var before = await DumpAsync();

        await _cluster.ReadModel.ClearAsync(Token);
        await Reconciler.ReconcileAsync(Token);

        Assert.Equal(before, await DumpAsync());
    }

    [Fact]
    public async Task Numbers_that_came_to_nothing_are_not_taken_for_rows_that_lag()
    {
        await _cluster.Grains.Lending(Any.LendingNumber).VoidAsync(Any.Operation, Token);

        Assert.Equal(0, await Reconciler.ReconcileAsync(Token));
    }

    [Fact]
    public void Every_projected_state_has_a_table_and_every_table_a_state() =>
        Assert.Equal(ReadModelVersions.States.Order(), ProjectedState.All.Select(state => state.Name).Order());

    /// <summary>One of everything, and a lending in each of its states.</summary>
    private async Task FillAsync()
    {
        var grains = _cluster.Grains;
        await CreateGenreAsync("Romance");
        var isbn = Any.Isbn;
        await _cluster.Grains.GetGrain<Abstractions.Books.IBookGrain>($"isbn:{isbn}").CompleteAsync(
            new(Any.Operation, isbn.ToString(), "Título", "Conto", [new(null, "Ana", "Bio"), new(null, "Rui", "Bio")], "Texto"), Token);
        await grains.Holdings(isbn).AddAsync(new(Any.Operation, Any.Barcode, "Centro", "82"), Token);
        var command = Any.RegisterReader with { Profile = Any.ReaderProfile with { Interests = ["Romance", "Conto"] } };
        var reader = (await grains.GetGrain<Abstractions.Readers.IReaderRegistrationGrain>("registration:readers")
            .RegisterAsync(command, Token)).Value!;
        var active = await grains.Account(reader.Number).LendAsync(Any.Lend(isbn), Token);
        var returned = await grains.Account(reader.Number).LendAsync(Any.LendBook, Token);
        await grains.Account(reader.Number).ReturnAsync(Any.Return(returned.Value!.Number), Token);
        var refused = await grains.Account(reader.Number).LendAsync(Any.Lend(isbn), Token);
        Assert.Equal((true, LendingRejections.NoCopy), (active.IsAccepted, refused.Rejection));
    }

    private Task<Result<Abstractions.Genres.Genre>> CreateGenreAsync(string spelling) =>
        _cluster.Grains.GetGrain<Abstractions.Genres.IGenreGrain>($"genre:{Folding.Fold(spelling)}")
            .CreateAsync(new(Any.Operation, spelling), Token);

    /// <summary>Without those in which the full-text index keeps its parts.</summary>
    private async Task<List<string>> TablesAsync() => await ColumnAsync(
        """
        SELECT name
        FROM pragma_table_list
        WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite%' AND name <> 'schema_versions'
        ORDER BY name
        """);

    private async Task<List<string>> DumpAsync()
    {
        const string Words =
            """
            CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab('main', 'book_index', 'instance');
            SELECT * FROM temp.words
            """;
        var rows = new List<string>();
        foreach (var (table, sql) in (await TablesAsync()).Select(table => (table, $"SELECT * FROM {table}")).Append(("words", Words)))
        {
            await ReadAsync(sql, row => rows.Add(
                $"{table}: {string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture)))}"));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private async Task<List<string>> ColumnAsync(string sql)
    {
        var values = new List<string>();
        await ReadAsync(sql, row => values.Add(row.GetString(0)));
        return values;
    }

    private Task ExecuteAsync(string sql) => ReadAsync(sql, _ => { });

    private async Task ReadAsync(string sql, Action<SqliteDataReader> read)
    {
        await using var connection = new SqliteConnection($"Data Source={_cluster.ReadModelFile}");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token))
        {
            read(reader);
        }
    }
}
