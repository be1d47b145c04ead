using System.Net.Sockets;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Authors;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;
using Orleans.Storage;

namespace Lms.Grains.Tests.Infrastructure;

/// <summary>What callers see of an exception inside a grain, whoever threw it.</summary>
public sealed class FaultFilterTests : IAsyncLifetime
{
    private readonly Breaker _breaker = new();
    private readonly TestCluster _cluster;

    public FaultFilterTests() =>
        _cluster = new(silos: 1, services => services.AddSingleton<IIncomingGrainCallFilter>(_breaker));

    public static TheoryData<Exception, FaultKind, bool> Exceptions => new()
    {
        { new TimeoutException("secret"), FaultKind.Timeout, true }, // of a call to another grain
        { new CodecNotFoundException("secret"), FaultKind.Timeout, true },
        { new OperationCanceledException("secret"), FaultKind.Timeout, true },
        { new TaskCanceledException("secret"), FaultKind.Timeout, true },
        { new OrleansException("secret", new TimeoutException("secret")), FaultKind.Storage, true },
        { new NpgsqlException("secret", new SocketException((int)SocketError.ConnectionRefused)), FaultKind.Storage, true },
        { new NpgsqlException("secret", new TimeoutException("secret")), FaultKind.Storage, true },
        { new PostgresException("secret", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown), FaultKind.Storage, true },
        { new OrleansException("secret", new PostgresException("secret", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown)), FaultKind.Storage, true },
        { new IOException("secret"), FaultKind.Storage, true },
        { new InconsistentStateException("secret"), FaultKind.Conflict, true },
        { new InvalidOperationException("secret"), FaultKind.Unexpected, false },
        { new OrleansException("secret", new FormatException("secret")), FaultKind.Unexpected, false },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _cluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public async Task An_exception_is_a_fault_that_tells_nothing_of_the_inside(Exception exception, FaultKind kind, bool isRetryable)
    {
        _breaker.Exception = exception;

        var fault = await Assert.ThrowsAsync<GrainFault>(() => _cluster.Grains.Author(Any.AuthorNumber).GetAsync(Token));

        Assert.Equal((kind, isRetryable), (fault.Kind, fault.IsRetryable));
        Assert.Null(fault.InnerException);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_a_fault_of_storage_makes_a_grain_read_its_state_again(bool isStorage)
    {
        var author = _cluster.Grains.Author(Any.AuthorNumber);
        await author.GetAsync(Token);
        Assert.NotNull(_cluster.SiloOf(author));
        var ended = _cluster.UntilEndedAsync(author);
        _breaker.Exception = isStorage ? new IOException() : new TimeoutException();

        await Assert.ThrowsAsync<GrainFault>(() => author.GetAsync(Token));

        if (isStorage)
        {
            await ended.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token);
        }
        else
        {
            _breaker.Exception = null;
            await author.GetAsync(Token);
            Assert.False(ended.IsCompleted);
        }
    }

    /// <summary>Stands nearer to the grain than the filter, and throws in its stead.</summary>
    private sealed class Breaker : IIncomingGrainCallFilter
    {
        public Exception? Exception { get; set; }

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.Grain is AuthorGrain && Exception is { } thrown)
            {
                throw thrown;
            }

            await context.Invoke();
        }
    }
}
