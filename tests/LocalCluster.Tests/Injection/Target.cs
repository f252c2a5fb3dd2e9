using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Workspaces.LocalCluster.Tests.Kubectl;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Injection;

/// <summary>Somebody's workload, and what its owner and an injector do to it, as requests go over the wire.</summary>
internal sealed class Target(NodeFixture cluster, string ns, string kind, string name)
{
    /// <summary>Runs until it is told to end.</summary>
    public const string Runs = "trap 'exit 0' TERM; while true; do sleep 0.1; done";

    private const string Apply = "application/apply-patch+yaml";
    private const string Strategic = "application/strategic-merge-patch+json";

    public NodeFixture Cluster => cluster;

    public string Namespace => ns;

    public string Kind => kind;

    public string Name => name;

    public string Path => $"{Collection}/{name}";

    private string Collection => $"apis/apps/v1/namespaces/{ns}/{kind.ToLowerInvariant()}s";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A workload as its owner makes it.</summary>
    public static async Task<Target> CreateAsync(NodeFixture cluster, string kind, int replicas = 1, Action<JsonObject>? change = null, string? ns = null, string name = "app")
    {
        var target = new Target(cluster, ns ?? await cluster.NewNamespaceAsync(), kind, name);
        (await cluster.Client.PostAsync($"{target.Collection}?fieldManager=owner", target.Manifest(replicas, change).ToJsonString())).Ok();
        return target;
    }

    public JsonObject Manifest(int replicas, Action<JsonObject>? change = null)
    {
        var manifest = JsonNode.Parse($$$"""
            {
              "apiVersion": "apps/v1", "kind": "{{{kind}}}", "metadata": {"name": "{{{name}}}", "namespace": "{{{ns}}}"},
              "spec": {
                "replicas": {{{replicas}}}, "serviceName": "{{{name}}}", "selector": {"matchLabels": {"app": "{{{name}}}"}},
                "template": {
                  "metadata": {"labels": {"app": "{{{name}}}"}},
                  "spec": {
                    "terminationGracePeriodSeconds": 1, "automountServiceAccountToken": false,
                    "containers": [{"name": "main", "image": "{{{NodeFixture.Image}}}", "command": ["sh", "-c", "{{{Runs}}}"]}]
                  }
                }
              }
            }
            """)!.AsObject();
        var spec = manifest["spec"]!.AsObject();
        if (kind != "StatefulSet")
        {
            spec.Remove("serviceName");
        }

        if (kind == "DaemonSet")
        {
            spec.Remove("replicas");
        }

        change?.Invoke(manifest);
        return manifest;
    }

    public async Task<JsonObject> ReadAsync() => (await cluster.Client.GetAsync(Path)).Ok();

    public async Task<string> UidAsync() => (string)(await ReadAsync())["metadata"]!["uid"]!;

    /// <summary>The pod template of an answer.</summary>
    public static JsonObject Template(JsonObject workload) => workload["spec"]!["template"]!.AsObject();

    /// <summary>Server-side apply by a manager.</summary>
    public Task<Answer> ApplyAsync(string manager, string body, string query = "") =>
        cluster.Client.PatchAsync($"{Path}?fieldManager={manager}{query}", body, Apply);

    public async Task<Answer> InjectAsync(Injected injected, string query = "") =>
        await ApplyAsync(injected.Manager, injected.Patch(kind, name, await UidAsync()), query);

    /// <summary>Applies name and uid alone.</summary>
    public async Task<Answer> EjectAsync(Injected injected) => await ApplyAsync(
        injected.Manager,
        $$"""{"apiVersion":"apps/v1","kind":"{{kind}}","metadata":{"name":"{{name}}","uid":"{{await UidAsync()}}"} }""");

    public Task<Answer> StrategicAsync(string body, string manager = "owner") => cluster.Client.PatchAsync($"{Path}?fieldManager={manager}", body, Strategic);

    /// <summary>A stock kubectl command in the workload's namespace.</summary>
    public async Task<KubectlResult> KubectlAsync(string[] arguments, string? input = null)
    {
        using var kubectl = new KubectlCommand(cluster.KubeconfigFile);
        return await kubectl.RunAsync(ns, arguments, input);
    }

    /// <summary>A stock kubectl command that has to succeed.</summary>
    public async Task<string> KubectlOkAsync(params string[] arguments)
    {
        var run = await KubectlAsync(arguments);
        Assert.True(run.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {run}");
        return run.Output;
    }

    /// <summary>Waits until the controller has seen the newest spec, and so has recorded it in the history.</summary>
    public Task<JsonObject> ObservedAsync() => UntilAsync(found => true, "observed");

    /// <summary>Waits until the status, which is of the newest spec, is as wanted.</summary>
    public async Task<JsonObject> UntilAsync(Func<JsonObject, bool> wanted, string what)
    {
        JsonObject? found = null;
        try
        {
            await Eventually.TrueAsync(async () =>
            {
                found = await ReadAsync();
                return (long?)found["status"]?["observedGeneration"] == (long)found["metadata"]!["generation"]! && wanted(found);
            });
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{kind} {name} is not {what}: {found?["status"]?.ToJsonString()}\n{string.Join('\n', await EventsAsync())}", e);
        }

        return found!;
    }

    /// <summary>Waits until all pods are of the newest template and ready.</summary>
    public Task<JsonObject> RolledOutAsync() => UntilAsync(IsRolledOut, "rolled out");

    public async Task<IList<V1Pod>> PodsAsync() =>
        (await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, labelSelector: $"app={name}", cancellationToken: Ct)).Items;

    public async Task<IList<V1Pod>> PodsAsync(Func<IList<V1Pod>, bool> wanted, string what)
    {
        IList<V1Pod> pods = [];
        try
        {
            await Eventually.TrueAsync(async () => wanted(pods = await PodsAsync()));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Pods are not {what}: {string.Join('\n', pods.Select(pod => $"{pod.Metadata.Name} {KubernetesJson.Serialize(pod.Status)}"))}\n{string.Join('\n', await EventsAsync())}", e);
        }

        return pods;
    }

    /// <summary>Reason, object and message of the namespace's events.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync() =>
        [.. (await cluster.EventsAsync(ns)).Select(known => $"{known.Reason} {known.InvolvedObject.Kind}/{known.InvolvedObject.Name}: {known.Message}")];

    /// <summary>The spec without what differs by name and kind alone.</summary>
    public static string Spec(JsonObject workload, string name = "app") => workload["spec"]!.ToJsonString().Replace($"\"{name}\"", "\"app\"", StringComparison.Ordinal);

    public static bool IsInjected(V1Pod pod) => pod.Metadata.Labels.Keys.Any(key => key.StartsWith(Injected.LabelPrefix, StringComparison.Ordinal));

    public static JsonNode? Condition(JsonObject workload, string type) =>
        workload["status"]?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == type);

    private bool IsRolledOut(JsonObject found)
    {
        var status = found["status"]!;
        if (kind == "DaemonSet")
        {
            var desired = Number(status, "desiredNumberScheduled");
            return desired > 0 && Number(status, "updatedNumberScheduled") == desired && Number(status, "numberAvailable") == desired
                && Number(status, "currentNumberScheduled") == desired;
        }

        var replicas = (int)found["spec"]!["replicas"]!;
        return Number(status, "updatedReplicas") == replicas && Number(status, "replicas") == replicas && Number(status, "availableReplicas") == replicas
            && (kind != "StatefulSet" || (string?)status["currentRevision"] == (string?)status["updateRevision"]);
    }

    private static int Number(JsonNode status, string field) => (int?)status[field] ?? 0;
}
