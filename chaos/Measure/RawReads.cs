using System.Collections.Concurrent;
using System.Diagnostics;
using Lms.Grains.Abstractions.Books;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Lms.Chaos.Measure;

/// <summary>
/// Reads of books by a client of the silos that tries everything once: no gateway, no pipeline, no retry. What it sees is what
/// the cluster itself does.
/// </summary>
internal sealed class RawReads : IAsyncDisposable
{
    /// <summary>Of one key. All keys together are asked so often times their number.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly IHost _host;
    private readonly IClusterClient _client;

    private RawReads(IHost host) => (_host, _client) = (host, host.Services.GetRequiredService<IClusterClient>());

    /// <summary>Connects as a gateway does, with the same settings.</summary>
    public static async Task<RawReads> ConnectAsync(string membership, CancellationToken cancellationToken)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = ("lms", "lms"));
            client.UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(membership));
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(2));
            client.Configure<ConnectionOptions>(options =>
            {
                options.OpenConnectionTimeout = TimeSpan.FromSeconds(1);
                options.ConnectionRetryDelay = TimeSpan.FromMilliseconds(250);
            });
        });
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <summary>Reads each once, so that each has an activation somewhere.</summary>
    public Task TouchAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        keys,
        new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
        async (key, token) => await _client.GetGrain<IBookGrain>(key).GetAsync(token));

    /// <summary>Reads keys at their instants, whatever becomes of other reads, until stopped.</summary>
    public Watch Start(IReadOnlyList<string> keys) => new(this, keys);

    private async Task<bool> ReadAsync(string key)
    {
        try
        {
            await _client.GetGrain<IBookGrain>(key).GetAsync(CancellationToken.None);
            return true;
        }
        catch (Exception)
        {
            // Counted as failed, whatever it was.
            return false;
        }
    }

    /// <summary>One attempt at one key; instants as <see cref="Stopwatch"/> counts them.</summary>
    internal readonly record struct Attempt(string Key, long SentAt, long DoneAt, bool IsGood);

    /// <summary>Reads that go on.</summary>
    internal sealed class Watch : IDisposable
    {
        private readonly ConcurrentQueue<Attempt> _attempts = new();
        private readonly ConcurrentDictionary<Task, bool> _pending = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly RawReads _reads;
        private readonly IReadOnlyList<string> _keys;
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Watch(RawReads reads, IReadOnlyList<string> keys)
        {
            (_reads, _keys) = (reads, keys);
            new Thread(Send) { IsBackground = true, Name = "raw reads", Priority = ThreadPriority.AboveNormal }.Start();
        }

        /// <summary>All attempts, when the last has ended.</summary>
        public async Task<IReadOnlyList<Attempt>> StopAsync()
        {
            await _stop.CancelAsync();
            await _sent.Task;
            await Task.WhenAll(_pending.Keys);
            return [.. _attempts];
        }

        public void Dispose() => _stop.Dispose();

        private void Send()
        {
            var start = Stopwatch.GetTimestamp();
            for (long number = 0; !_stop.IsCancellationRequested; number++)
            {
                var left = (s_interval * number / _keys.Count) - Stopwatch.GetElapsedTime(start);
                if (left > TimeSpan.Zero && _stop.Token.WaitHandle.WaitOne(left))
                {
                    break;
                }

                var key = _keys[(int)(number % _keys.Count)];
                var pending = Task.Run(() => AttemptAsync(key));
                _pending[pending] = true;
                _ = pending.ContinueWith(done => _pending.TryRemove(done, out _), TaskScheduler.Default);
            }

            _sent.SetResult();
        }

        private async Task AttemptAsync(string key)
        {
            var sentAt = Stopwatch.GetTimestamp();
            var isGood = await _reads.ReadAsync(key);
            _attempts.Enqueue(new(key, sentAt, Stopwatch.GetTimestamp(), isGood));
        }
    }
}
