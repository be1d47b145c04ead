using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using k8s.Models;

namespace Lms.Chart.Tests;

/// <summary>Switching autoscaling on and off while a release runs.</summary>
public sealed class ScalingTests
{
    // A number that disappears from a manifest becomes 1.
    [Theory]
    [InlineData(5, 5)]
    [InlineData(2, 4)]
    public async Task A_release_that_runs_never_falls_below_what_it_has_or_the_minimum(int running, int expected)
    {
        await using var kubernetes = new FakeKubernetes("lms-silo-shared", running);

        var rendered = await Helm.RenderAsync(
            [.. Values.Least, "--dry-run=server", "--disable-openapi-validation", "--kube-apiserver", kubernetes.Url,
                "--set", "silo.autoscaling.enabled=true,silo.autoscaling.min=4"]);

        Assert.Equal(expected, rendered.Deployments.Single(deployment => deployment.Name() == "lms-silo-shared").Spec.Replicas);
        Assert.Equal(4, rendered.Of<V2HorizontalPodAutoscaler>().Single().Spec.MinReplicas);
    }

    [Fact]
    public async Task Without_autoscaling_the_number_is_that_of_the_values_again()
    {
        await using var kubernetes = new FakeKubernetes("lms-silo-shared", 9);

        var rendered = await Helm.RenderAsync(
            [.. Values.Least, "--dry-run=server", "--disable-openapi-validation", "--kube-apiserver", kubernetes.Url]);

        Assert.Equal(3, rendered.Deployments.Single(deployment => deployment.Name() == "lms-silo-shared").Spec.Replicas);
        Assert.Empty(rendered.Of<V2HorizontalPodAutoscaler>());
    }

    /// <summary>As much of the API of Kubernetes as helm asks for when a template looks something up: one Deployment.</summary>
    private sealed class FakeKubernetes : IAsyncDisposable
    {
        private static readonly string[] s_core = ["v1"];
        private static readonly string[] s_verbs = ["get", "list"];

        private static readonly (string GroupVersion, string Name, string Kind)[] s_kinds =
        [
            ("v1", "secrets", "Secret"), ("v1", "services", "Service"), ("v1", "serviceaccounts", "ServiceAccount"),
            ("v1", "configmaps", "ConfigMap"), ("v1", "pods", "Pod"), ("apps/v1", "deployments", "Deployment"),
            ("batch/v1", "jobs", "Job"), ("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget"),
            ("autoscaling/v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
            ("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy"),
        ];

        private readonly HttpListener _listener = new();
        private readonly Task _serving;

        public FakeKubernetes(string deployment, int replicas)
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
            }

            _listener.Prefixes.Add(Url + "/");
            _listener.Start();
            var answers = s_kinds.GroupBy(kind => kind.GroupVersion).ToDictionary(
                group => group.Key == "v1" ? "/api/v1" : $"/apis/{group.Key}",
                group => (object)new
                {
                    kind = "APIResourceList",
                    groupVersion = group.Key,
                    resources = group.Select(one => new { name = one.Name, namespaced = true, kind = one.Kind, verbs = s_verbs }),
                },
                StringComparer.Ordinal);
            answers["/version"] = new { major = "1", minor = "33", gitVersion = "v1.33.0" };
            answers["/api"] = new { kind = "APIVersions", versions = s_core };
            answers["/apis"] = new
            {
                kind = "APIGroupList",
                apiVersion = "v1",
                groups = s_kinds.Select(kind => kind.GroupVersion).Where(version => version != "v1").Distinct(StringComparer.Ordinal)
                    .Select(groupVersion => new { groupVersion, version = groupVersion.Split('/')[1] })
                    .Select(version => new { name = version.groupVersion.Split('/')[0], versions = (object[])[version], preferredVersion = version }),
            };
            answers[$"/apis/apps/v1/namespaces/library/deployments/{deployment}"] =
                new { apiVersion = "apps/v1", kind = "Deployment", metadata = Owned(deployment), spec = new { replicas } };
            _serving = ServeAsync(answers);
        }

        public string Url { get; }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _serving;
        }

        // Helm takes nothing over that it has not made.
        private static object Owned(string name) => new
        {
            name,
            labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app.kubernetes.io/managed-by"] = "Helm" },
            annotations = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["meta.helm.sh/release-name"] = "lms",
                ["meta.helm.sh/release-namespace"] = "library",
            },
        };

        private async Task ServeAsync(Dictionary<string, object> answers)
        {
            while (true)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    using var response = context.Response;
                    var isKnown = answers.TryGetValue(context.Request.Url!.AbsolutePath, out var answer);
                    response.StatusCode = isKnown ? 200 : 404;
                    response.ContentType = "application/json";
                    await JsonSerializer.SerializeAsync(
                        response.OutputStream, answer ?? new { kind = "Status", apiVersion = "v1", status = "Failure", reason = "NotFound", code = 404 });
                }
                catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
