using Lms.ApiFrontend.Tests.Library;
using Microsoft.Extensions.Time.Testing;

[assembly: AssemblyFixture(typeof(LibraryFixture))]
[assembly: AssemblyFixture(typeof(ClockFixture))]

// Tests share a storage and a clock that obey; what one asks for must not strike another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Lms.ApiFrontend.Tests.Library;

/// <summary>Two silos and two gateways in real time, for whatever retries and waits.</summary>
public sealed class LibraryFixture : IAsyncLifetime
{
    internal TestLibrary Library { get; } = new(silos: 2, gateways: 2, TimeProvider.System);

    /// <summary>A gateway that says 503 soon and often.</summary>
    internal TestGateway Impatient { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Library.StartAsync();
        Impatient = await Library.StartGatewayAsync(settings:
        [
            ("Lms:Resilience:WriteTimeout", "00:00:00.100"),
            ("Lms:Resilience:RetryDelay", "00:00:00.020"),
            ("Lms:Resilience:ReadTimeout", "00:00:01"),
        ]);
    }

    public ValueTask DisposeAsync() => Library.DisposeAsync();
}

/// <summary>A silo and a gateway whose clock a test moves.</summary>
public sealed class ClockFixture : IAsyncLifetime
{
    public ClockFixture() => Library = new(silos: 1, gateways: 1, Clock);

    /// <summary>A Monday morning in winter, when Lisbon and UTC agree.</summary>
    internal FakeTimeProvider Clock { get; } = new(new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));

    internal TestLibrary Library { get; }

    public ValueTask InitializeAsync() => Library.StartAsync();

    public ValueTask DisposeAsync() => Library.DisposeAsync();
}

/// <summary>A test of gateways over HTTP.</summary>
public abstract class GatewayTest
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;
}
