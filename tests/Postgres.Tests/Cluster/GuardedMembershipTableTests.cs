using System.Net;
using Lms.Silo.Cluster;
using Lms.Silo.Storage;
using Npgsql;

namespace Lms.Postgres.Tests.Cluster;

/// <summary>Whoever finds no membership table founds a cluster only when no silo has given a sign of life for long.</summary>
public sealed class GuardedMembershipTableTests : IAsyncLifetime
{
    private static readonly SiloAddress s_old = SiloAddress.New(new(IPAddress.Loopback, 11111), 1);
    private static readonly SiloAddress s_new = SiloAddress.New(new(IPAddress.Loopback, 11112), 2);

    private readonly Table _table = new();
    private NpgsqlDataSource _source = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _source = await PostgresFixture.CreateDatabaseAsync();
        await PostgresSchema.MigrateAsync(_source, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync() => await PostgresFixture.DropAsync(_source);

    [Fact]
    public async Task An_empty_table_is_not_entered_while_a_silo_lives()
    {
        var stamps = new SiloStamps(_source);
        await stamps.StampAsync(s_old, Token);

        var lost = await Assert.ThrowsAsync<MembershipTableLostException>(() => EnterAsync(stamps));
        Assert.Contains(s_old.ToString(), lost.Message, StringComparison.Ordinal);
        Assert.Equal(0, _table.Inserted);

        // As old as the silence that tells that it is gone.
        await AgeAsync(GuardedMembershipTable.Silence);
        Assert.True(await EnterAsync(stamps));
        Assert.Equal(1, _table.Inserted);
    }

    [Fact]
    public async Task One_that_left_in_order_keeps_nobody_waiting()
    {
        var stamps = new SiloStamps(_source);
        await stamps.StampAsync(s_old, Token);
        await stamps.RemoveAsync(s_old, Token);

        Assert.True(await EnterAsync(stamps));
    }

    [Fact]
    public async Task A_table_with_members_is_entered()
    {
        var stamps = new SiloStamps(_source);
        await stamps.StampAsync(s_old, Token);
        _table.Members.Add(s_old);

        Assert.True(await EnterAsync(stamps));
    }

    [Fact]
    public async Task Without_an_answer_of_the_database_an_empty_table_is_not_entered()
    {
        await using var silent = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody");

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => EnterAsync(new(silent)));
        Assert.Equal(0, _table.Inserted);
    }

    private Task<bool> EnterAsync(SiloStamps stamps) => new GuardedMembershipTable(_table, stamps)
        .InsertRow(new MembershipEntry { SiloAddress = s_new }, new TableVersion(1, "1"));

    private async Task AgeAsync(TimeSpan age)
    {
        await using var command = _source.CreateCommand("UPDATE silo_stamps SET stamped_at = stamped_at - @age");
        command.Parameters.AddWithValue("age", age);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Token));
    }

    /// <summary>A table that takes everybody.</summary>
    private sealed class Table : IMembershipTable
    {
        private static readonly TableVersion s_version = new(0, "0");

        public List<SiloAddress> Members { get; } = [];

        public int Inserted { get; private set; }

        public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
        {
            Inserted++;
            return Task.FromResult(true);
        }

        public Task<MembershipTableData> ReadAll() => Task.FromResult(new MembershipTableData(
            [.. Members.Select(member => Tuple.Create(new MembershipEntry { SiloAddress = member }, "0"))], s_version));

        public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

        public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

        public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

        public Task<MembershipTableData> ReadRow(SiloAddress key) => throw new NotSupportedException();

        public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => throw new NotSupportedException();

        public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();
    }
}
