using System.Globalization;

namespace Lms.Chaos.Cluster;

/// <summary>A gateway of the local cluster.</summary>
public sealed class Gateway : LibraryProcess
{
    private readonly IReadOnlyDictionary<string, string> _connections;
    private readonly ClusterSecrets _secrets;
    private readonly string _journal;
    private readonly string _keys;
    private readonly bool _demo;
    private int _port;
    private int _internalPort;

    internal Gateway(
        string name,
        string log,
        ClusterOptions options,
        IReadOnlyDictionary<string, string> connections,
        ClusterSecrets secrets,
        string journal,
        string keys,
        int port,
        bool demo)
        : base(name, "gateway", log, options)
    {
        (_connections, _secrets, _journal, _keys, _port, _demo) = (connections, secrets, journal, keys, port, demo);
        _internalPort = Servers.Ports.Free();
    }

    /// <summary>Where clients ask.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{_port}");

    public int Port => _port;

    public override int InternalPort => _internalPort;

    public override IReadOnlyDictionary<string, int> Ports => new Dictionary<string, int>
    {
        ["http"] = _port,
        ["internal"] = _internalPort,
    };

    private protected override string Project => "ApiFrontend";

    private protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(_connections, StringComparer.Ordinal)
        {
            ["Lms__MasterKey"] = _secrets.MasterKey,
            ["Lms__Journal__Directory"] = _journal,
            ["Lms__Keys__File"] = _keys,
            ["Lms__Admin__Username"] = ClusterSecrets.AdminUsername,
            ["Lms__Admin__Password"] = _secrets.AdminPassword,

            // All the load comes from one address, and is one user.
            ["Lms__RateLimits__SignedInPerSecond"] = "1000000",
            ["Lms__RateLimits__SignedInBurst"] = "1000000",
            ["Lms__RateLimits__AnonymousPerSecond"] = "1000000",
            ["Lms__RateLimits__AnonymousBurst"] = "1000000",
        };

    private protected override IReadOnlyList<string> Arguments =>
        ["--urls", Url, .. _demo ? (string[])["--demo"] : []];

    public override void MoveToNewPorts()
    {
        _port = Servers.Ports.Free();
        _internalPort = Servers.Ports.Free();
    }
}
