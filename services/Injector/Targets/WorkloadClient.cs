using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;

namespace Workspaces.Injector.Targets;

/// <summary>
/// Calls of the cluster's API about a workload. The path of a workload is the same for all kinds, so one untyped client serves them;
/// it also keeps fields that the typed client does not know.
/// </summary>
internal sealed class WorkloadClient(IKubernetes kubernetes)
{
    private const string Group = "apps";
    private const string Version = "v1";

    /// <summary>The workload, or <see langword="null"/> where there is none of that name.</summary>
    public async Task<Workload?> FindAsync(WorkloadKind kind, string ns, string name, CancellationToken cancellation)
    {
        try
        {
            return Read(kind, await kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(Group, Version, ns, kind.Plural, name, cancellation));
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            return null;
        }
    }

    /// <summary>Server-side apply, without force: a field that somebody else owns is a conflict.</summary>
    public async Task<Workload> ApplyAsync(WorkloadKind kind, string ns, string name, JsonObject patch, string manager, bool dryRun, CancellationToken cancellation) =>
        Read(kind, await kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync(
            new V1Patch(patch, V1Patch.PatchType.ApplyPatch), Group, Version, ns, kind.Plural, name,
            dryRun: dryRun ? "All" : null, fieldManager: manager, force: false, cancellationToken: cancellation));

    /// <summary>Strategic merge patch.</summary>
    public async Task<Workload> PatchAsync(WorkloadKind kind, string ns, string name, JsonObject patch, CancellationToken cancellation) =>
        Read(kind, await kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync(
            new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), Group, Version, ns, kind.Plural, name,
            fieldManager: FieldManagers.Injector, cancellationToken: cancellation));

    /// <summary>Creates a pod of the template with a dry run: whatever admission has against it, it says now.</summary>
    public async Task TryPodAsync(Workload workload, CancellationToken cancellation)
    {
        var template = workload.TemplateJson;
        var pod = KubernetesJson.Deserialize<V1Pod>(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["generateName"] = $"{workload.Name}-",
                ["labels"] = template["metadata"]?["labels"]?.DeepClone(),
                ["annotations"] = template["metadata"]?["annotations"]?.DeepClone(),
            },
            ["spec"] = template["spec"]!.DeepClone(),
        }.ToJsonString());
        await kubernetes.CoreV1.CreateNamespacedPodAsync(pod, workload.Namespace, dryRun: "All", cancellationToken: cancellation);
    }

    /// <summary>Some of its pods, for what their status says about it.</summary>
    public async Task<IList<V1Pod>> SomePodsAsync(Workload workload, CancellationToken cancellation) =>
        (await kubernetes.CoreV1.ListNamespacedPodAsync(
            workload.Namespace, labelSelector: workload.Selector, limit: 50, cancellationToken: cancellation)).Items;

    /// <summary>Pods that carry a workspace, asked of the cluster itself and not of a cache that may lag behind.</summary>
    public async Task<IList<V1Pod>> PodsOfAsync(string ns, string workspaceId, CancellationToken cancellation) =>
        (await kubernetes.CoreV1.ListNamespacedPodAsync(
            ns, labelSelector: $"{WorkspaceLabels.InstanceKey(workspaceId)}=true", cancellationToken: cancellation)).Items;

    /// <summary>Deletes a pod, this very one.</summary>
    public async Task DeletePodAsync(V1Pod pod, CancellationToken cancellation)
    {
        try
        {
            await kubernetes.CoreV1.DeleteNamespacedPodAsync(
                pod.Name(), pod.Namespace(), new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = pod.Uid() } }, cancellationToken: cancellation);
        }
        catch (Exception e) when (ClusterError.Of(e)?.Kind is ClusterErrorKind.NotFound or ClusterErrorKind.Conflict)
        {
            // Gone, or another pod has its name now.
        }
    }

    private static Workload Read(WorkloadKind kind, object answer) => new(kind, answer switch
    {
        JsonElement element => JsonObject.Create(element)!,
        _ => JsonNode.Parse(JsonSerializer.Serialize(answer))!.AsObject(),
    });
}
