using System.Globalization;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Controllers;

/// <summary>
/// Workloads in a namespace of any cluster. No scheduler gives their pods a node: what a node would say about a pod, a test says by writing its status.
/// </summary>
internal sealed class WorkloadKit(Kubernetes client, string ns)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Kubernetes Client => client;

    public string Namespace => ns;

    public static async Task<WorkloadKit> NewAsync(ApiCluster cluster) => new(cluster.Client, await cluster.NamespaceAsync());

    public static Dictionary<string, string> Labels(string name) => new() { ["app"] = name };

    public static V1PodTemplateSpec Template(string name) => new()
    {
        Metadata = new V1ObjectMeta { Labels = Labels(name) },
        Spec = new V1PodSpec
        {
            SchedulerName = "nobody",
            AutomountServiceAccountToken = false,
            TerminationGracePeriodSeconds = 1,
            Containers = [new V1Container { Name = "main", Image = "tests/host", Command = ["sleep", "infinity"] }],
        },
    };

    public static V1Deployment Deployment(string name, int replicas, Action<V1DeploymentSpec>? change = null)
    {
        var deployment = new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1DeploymentSpec { Replicas = replicas, Selector = new V1LabelSelector { MatchLabels = Labels(name) }, Template = Template(name) },
        };
        change?.Invoke(deployment.Spec);
        return deployment;
    }

    public static V1ReplicaSet ReplicaSet(string name, int replicas, Action<V1ReplicaSetSpec>? change = null)
    {
        var set = new V1ReplicaSet
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1ReplicaSetSpec { Replicas = replicas, Selector = new V1LabelSelector { MatchLabels = Labels(name) }, Template = Template(name) },
        };
        change?.Invoke(set.Spec);
        return set;
    }

    public Task<V1Deployment> CreateAsync(V1Deployment deployment) => client.CreateNamespacedDeploymentAsync(deployment, ns, cancellationToken: Ct);

    public Task<V1ReplicaSet> CreateAsync(V1ReplicaSet set) => client.CreateNamespacedReplicaSetAsync(set, ns, cancellationToken: Ct);

    public Task<V1Deployment> PatchDeploymentAsync(string name, string patch) =>
        client.PatchNamespacedDeploymentAsync(new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), name, ns, cancellationToken: Ct);

    public Task<V1Deployment> SetVersionAsync(string name, string version) =>
        PatchDeploymentAsync(name, $$"""{"spec":{"template":{"metadata":{"annotations":{"version":"{{version}}"} } } } }""");

    public async Task<V1Deployment> DeploymentAsync(string name, Func<V1Deployment, bool> wanted)
    {
        V1Deployment? found = null;
        await Eventually.TrueAsync(
            async () => wanted(found = await client.ReadNamespacedDeploymentAsync(name, ns, cancellationToken: Ct)),
            $"Deployment {name} as wanted, but {Json(found?.Status)}");
        return found!;
    }

    public async Task<V1ReplicaSet> ReplicaSetAsync(string name, Func<V1ReplicaSet, bool> wanted)
    {
        V1ReplicaSet? found = null;
        await Eventually.TrueAsync(async () => wanted(found = await client.ReadNamespacedReplicaSetAsync(name, ns, cancellationToken: Ct)), $"ReplicaSet {name} as wanted");
        return found!;
    }

    /// <summary>The ReplicaSets of the namespace, oldest revision first.</summary>
    public async Task<IReadOnlyList<V1ReplicaSet>> ReplicaSetsAsync() =>
    [
        .. (await client.ListNamespacedReplicaSetAsync(ns, cancellationToken: Ct)).Items
            .OrderBy(set => int.Parse(set.Metadata.Annotations?.TryGetValue("deployment.kubernetes.io/revision", out var number) == true ? number : "0", CultureInfo.InvariantCulture)),
    ];

    public async Task<IList<V1Pod>> PodsAsync() => (await client.ListNamespacedPodAsync(ns, cancellationToken: Ct)).Items;

    public async Task<IList<V1Pod>> PodsAsync(int count)
    {
        IList<V1Pod> pods = [];
        await Eventually.TrueAsync(async () => (pods = await PodsAsync()).Count == count, $"{count} pods");
        return pods;
    }

    /// <summary>The messages of a reason's events, once there are as many; events come after what they tell of.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(string reason, int count)
    {
        IReadOnlyList<string> messages = [];
        await Eventually.TrueAsync(async () => (messages = await EventsAsync(reason)).Count >= count, $"{count} events {reason}");
        return messages;
    }

    public Task SaidAsync(string reason, string message) =>
        Eventually.TrueAsync(async () => (await EventsAsync(reason)).Contains(message), $"the event {reason}: {message}");

    public async Task<IReadOnlyList<string>> EventsAsync(string reason) =>
        [.. (await client.CoreV1.ListNamespacedEventAsync(ns, cancellationToken: Ct)).Items.Where(known => known.Reason == reason).Select(known => known.Message)];

    /// <summary>Says of a pod what a node would: it runs, and is or is not ready since some time.</summary>
    public Task SayRunningAsync(string pod, bool ready = true, DateTime? since = null) => client.PatchNamespacedPodStatusAsync(
        new V1Patch(
            Json(new
            {
                status = new
                {
                    phase = "Running",
                    conditions = new[] { new { type = "Ready", status = ready ? "True" : "False", lastTransitionTime = (since ?? DateTime.UtcNow).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) } },
                },
            }),
            V1Patch.PatchType.StrategicMergePatch),
        pod, ns, cancellationToken: Ct);

    /// <summary>Makes every pod ready, again and again, until a condition holds.</summary>
    public async Task ReadyUntilAsync(Func<Task<bool>> condition, string what) => await Eventually.TrueAsync(
        async () =>
        {
            await ReadyPendingAsync();
            return await condition();
        },
        what);

    /// <summary>Makes the pods ready that have not begun.</summary>
    public async Task ReadyPendingAsync()
    {
        foreach (var pod in (await PodsAsync()).Where(pod => pod.Status.Phase == "Pending" && pod.Metadata.DeletionTimestamp is null))
        {
            try
            {
                await SayRunningAsync(pod.Metadata.Name);
            }
            catch (k8s.Autorest.HttpOperationException e) when (e.Response.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Conflict)
            {
                // A rollout took it meanwhile.
            }
        }
    }

    /// <summary>Makes pods ready until the Deployment is all new and available.</summary>
    public async Task<V1Deployment> RolledOutAsync(string name)
    {
        V1Deployment? found = null;
        await ReadyUntilAsync(async () => IsRolledOut(found = await client.ReadNamespacedDeploymentAsync(name, ns, cancellationToken: Ct)), $"the rollout of {name}");
        return found!;
    }

    public static bool IsRolledOut(V1Deployment found) =>
        found.Status?.ObservedGeneration == found.Metadata.Generation && (found.Status?.UpdatedReplicas ?? 0) == found.Spec.Replicas
        && (found.Status?.Replicas ?? 0) == found.Spec.Replicas && (found.Status?.AvailableReplicas ?? 0) == found.Spec.Replicas
        && found.Status?.Conditions?.Any(condition => condition is { Type: "Progressing", Reason: "NewReplicaSetAvailable" }) == true;

    public static V1DeploymentCondition? Condition(V1Deployment deployment, string type) => deployment.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    private static string Json(object? value) => System.Text.Json.JsonSerializer.Serialize(value);
}
