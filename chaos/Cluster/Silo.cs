using System.Globalization;

namespace Lms.Chaos.Cluster;

/// <summary>A silo of the local cluster.</summary>
public sealed class Silo : LibraryProcess
{
    /// <summary>From a silo's port to the one where its connection watcher listens.</summary>
    public const int WatcherDistance = 2_000;

    private readonly ClusterOptions _options;
    private readonly IReadOnlyDictionary<string, string> _connections;
    private int _siloPort;
    private int _gatewayPort;
    private int _internalPort;

    internal Silo(
        string name,
        string log,
        ClusterOptions options,
        IReadOnlyDictionary<string, string> connections,
        IReadOnlyDictionary<string, int>? ports)
        : base(name, "silo", log, options)
    {
        (_options, _connections) = (options, connections);
        if (ports is not null
            && ports.TryGetValue("silo", out _siloPort)
            && ports.TryGetValue("gateway", out _gatewayPort)
            && ports.TryGetValue("http", out _internalPort)
            && new[] { _siloPort, _siloPort + WatcherDistance, _gatewayPort, _internalPort }.All(Servers.Ports.IsFree))
        {
            return;
        }

        MoveToNewPorts();
    }

    public int SiloPort => _siloPort;

    public int GatewayPort => _gatewayPort;

    public override int InternalPort => _internalPort;

    public override IReadOnlyDictionary<string, int> Ports => new Dictionary<string, int>
    {
        ["http"] = _internalPort,
        ["silo"] = _siloPort,
        ["gateway"] = _gatewayPort,
        ["watcher"] = _siloPort + WatcherDistance,
    };

    private protected override string Project => "Silo";

    private protected override IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string>(_connections, StringComparer.Ordinal)
            {
                ["Lms__SiloPort"] = Text(_siloPort),
                ["Lms__GatewayPort"] = Text(_gatewayPort),
            };
            if (_options.ServicesOf.TryGetValue(Name, out var services))
            {
                settings["Lms__Services"] = string.Join(',', services);
            }

            foreach (var service in _options.StrictServices)
            {
                settings[$"Lms__Pools__{service}__Strict"] = "true";
            }

            return settings;
        }
    }

    public override void MoveToNewPorts()
    {
        _siloPort = Servers.Ports.Free(WatcherDistance);
        _gatewayPort = Servers.Ports.Free();
        _internalPort = Servers.Ports.Free();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
