using Lms.Silo.Cluster;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using StackExchange.Redis;

namespace Lms.Grains.Tests.Cluster;

/// <summary>Who reads the membership table while Redis is silent.</summary>
public sealed class GuardedMembershipTableTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Lifetime _lifetime = new();
    private readonly SilentTable _redis = new();
    private readonly NpgsqlDataSource _postgres = NpgsqlDataSource.Create("Host=nowhere.invalid");
    private readonly GuardedMembershipTable _table;

    public GuardedMembershipTableTests() => _table = new(
        _redis, new SiloStamps(_postgres), _clock, _lifetime, NullLogger<GuardedMembershipTable>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _lifetime.Dispose();
        return _postgres.DisposeAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task They_wait_however_long_it_takes_and_have_it_as_soon_as_it_answers()
    {
        var reading = _table.ReadAll();
        for (var minute = 0; minute < 10; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.False(reading.IsCompleted);
        _redis.Fault = null;
        while (!reading.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(TimeSpan.FromMilliseconds(10), Token);
        }

        Assert.Empty((await reading).Members);
    }

    [Fact]
    public async Task They_hear_of_it_when_the_silo_ends()
    {
        var reading = _table.ReadAll();

        _lifetime.StopApplication();

        await Assert.ThrowsAsync<RedisTimeoutException>(() => reading.WaitAsync(TimeSpan.FromSeconds(10), Token));
    }

    [Fact]
    public async Task They_hear_of_what_is_not_silence()
    {
        _redis.Fault = new InvalidOperationException("A row that nobody can read.");

        await Assert.ThrowsAsync<InvalidOperationException>(() => _table.ReadAll());
    }

    private sealed class SilentTable : IMembershipTable
    {
        public Exception? Fault { get; set; } = new RedisTimeoutException("silent", CommandStatus.Unknown);

        public Task<MembershipTableData> ReadAll() => Fault is { } fault
            ? Task.FromException<MembershipTableData>(fault)
            : Task.FromResult(new MembershipTableData([], new TableVersion(0, "0")));

        public Task InitializeMembershipTable(bool tryInitTableVersion) => throw new NotSupportedException();

        public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

        public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

        public Task<MembershipTableData> ReadRow(SiloAddress key) => throw new NotSupportedException();

        public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

        public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => throw new NotSupportedException();

        public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
