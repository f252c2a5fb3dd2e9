using k8s;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Admission;

/// <summary>A cluster with one object of each kind that the recorded requests change.</summary>
public sealed class AnswersCluster : IAsyncLifetime
{
    private const string Template = """{"metadata":{"labels":{"a":"b"}},"spec":{"nodeSelector":{"none":"none"},"containers":[{"name":"c","image":"i"}]}}""";

    private static readonly (string Path, string Body)[] Objects =
    [
        ("api/v1/namespaces/{ns}/pods", Pod("p")),
        ("api/v1/namespaces/{ns}/pods", Pod("pe")),
        ("apis/apps/v1/namespaces/{ns}/deployments", Workload("\"replicas\":0,")),
        ("apis/apps/v1/namespaces/{ns}/replicasets", Workload("\"replicas\":0,")),
        ("apis/apps/v1/namespaces/{ns}/statefulsets", Workload("\"replicas\":0,\"serviceName\":\"s\",")),
        ("apis/apps/v1/namespaces/{ns}/daemonsets", Workload("")),
        ("api/v1/namespaces/{ns}/services", """{"metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}}"""),
        ("api/v1/namespaces/{ns}/persistentvolumeclaims",
            """{"metadata":{"name":"k"},"spec":{"storageClassName":"none","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}"""),
        ("api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"im"},"immutable":true,"data":{"a":"1"}}"""),
        ("api/v1/namespaces/{ns}/secrets", """{"metadata":{"name":"im"},"immutable":true,"data":{"a":"AQ=="}}"""),
        ("apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings",
            """{"metadata":{"name":"rb"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"}}"""),
    ];

    private readonly ApiCluster _cluster = new();

    public string Namespace { get; private set; } = "";

    public Kubernetes Client => _cluster.Client;

    public async ValueTask InitializeAsync()
    {
        await _cluster.InitializeAsync();
        Namespace = await _cluster.NamespaceAsync();
        foreach (var (path, body) in Objects)
        {
            (await Client.PostAsync(path.Replace("{ns}", Namespace, StringComparison.Ordinal), body)).Ok();
        }

        (await Client.PatchAsync(
            $"api/v1/namespaces/{Namespace}/pods/pe/ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"old","image":"i"}]}}""", "application/strategic-merge-patch+json")).Ok();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static string Pod(string name) =>
        $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"schedulerName":"none","automountServiceAccountToken":false,"containers":[{"name":"c","image":"i"}]}}""";

    private static string Workload(string more) => $$$"""{"metadata":{"name":"w"},"spec":{{{{more}}}"selector":{"matchLabels":{"a":"b"}},"template":{{{Template}}}}}""";
}
