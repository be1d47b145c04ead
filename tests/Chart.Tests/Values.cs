namespace Lms.Chart.Tests;

/// <summary>Ways to install the chart.</summary>
internal static class Values
{
    /// <summary>The least that an operator says.</summary>
    public static readonly string[] Least = ["--set", "secrets.existingSecret=lms"];

    public static readonly string[] Demo = ["--values", Path.Combine(Helm.Chart, "values-demo.yaml")];

    public static readonly string[] Ha = ["--values", Path.Combine(Helm.Chart, "values-ha.yaml")];

    /// <summary>Every switch, turned away from its default, one at a time.</summary>
    public static readonly string[] Switches =
    [
        "silo.autoscaling.enabled=true",
        "services.authors.dedicated=true",
        "services.books.dedicated=true,services.books.strict=true,services.books.autoscaling.enabled=true",
        "services.authors.dedicated=true,services.books.dedicated=true,services.copies.dedicated=true,services.genres.dedicated=true,services.lendings.dedicated=true,services.readers.dedicated=true,services.users.dedicated=true",
        "gateway.autoscaling.enabled=true",
        "gateway.journal.enabled=true",
        "gateway.journal.enabled=true,gateway.journal.storageClass=fast",
        "gateway.ingress.enabled=true,gateway.ingress.host=library.example.org",
        "gateway.ingress.enabled=true,gateway.ingress.host=library.example.org,gateway.ingress.tlsSecret=tls,gateway.ingress.className=nginx",
        "gateway.route.enabled=true,gateway.route.parentRefs[0].name=public,gateway.route.hostnames[0]=library.example.org",
        "gateway.service.type=LoadBalancer",
        "gateway.trustedProxies[0]=10.0.0.0/8",
        "secrets.redisCache=false",
        "secrets.postgresGateway=true",
        "secrets.postgresReplica=true",
        "migration.enabled=false",
        "networkPolicy.enabled=false",
        "networkPolicy.clients[0].namespaceSelector.matchLabels.name=ingress",
        "networkPolicy.postgres.peers[0].ipBlock.cidr=10.1.0.0/16",
        "priorityClassName=important",
        "image.silo.digest=sha256:0123456789012345678901234567890123456789012345678901234567890123",
        "image.pullPolicy=Always",
        "image.pullSecrets[0]=registry",
        "fullnameOverride=library",
        "silo.nodeSelector.disk=fast",
        "silo.tolerations[0].key=dedicated,silo.tolerations[0].operator=Exists",
        "config.Lms__TimeZone=Europe/Paris",
        "monitoring.serviceMonitor.enabled=true,monitoring.serviceMonitor.labels.release=prometheus",
        "monitoring.rules.enabled=true,monitoring.rules.runbooks=https://wiki.example.org/",
        "monitoring.dashboards.enabled=true",
        "test.credentialsSecret=librarian",
    ];

    /// <summary>All of these, as arguments.</summary>
    public static IEnumerable<(string Name, string[] Arguments)> All =>
    [
        ("least", Least), ("values-demo.yaml", Demo), ("values-ha.yaml", Ha),
        .. Switches.Select(change => (change, (string[])[.. Least, "--set", change])),
    ];
}
