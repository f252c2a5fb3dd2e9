using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Controllers.Revisions;
using Workspaces.LocalCluster.Node;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>The StatefulSet controller: reads the state, carries out what <see cref="StatefulSetPlan"/> decides, writes the status.</summary>
internal sealed class StatefulSetReconciler(IClusterApi api, TimeProvider time) : IReconciler
{
    private const string Component = "statefulset-controller";

    private readonly RevisionHistory _history = new(api, Component);

    public ResourceType Type => ResourceTypes.StatefulSets;

    public IReadOnlyList<ResourceType> Watched { get; } = [ResourceTypes.Pods];

    public IEnumerable<ObjectKey> Concerned(ResourceType type, JsonObject changed) => Ownership.OwnerOf(changed, Type);

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (api.Get(Type, key.Namespace, key.Name) is not { } json)
        {
            return null;
        }

        var set = json.To<V1StatefulSet>();
        await AdoptAsync(json, set, ct);
        var (all, update) = await _history.SyncAsync(Type, json, ct);
        var current = all.FirstOrDefault(revision => revision.Name == set.Status?.CurrentRevision) ?? update;
        var state = new StatefulSetState(json, set, current, update, Pods(set), time.GetUtcNow().UtcDateTime);
        try
        {
            foreach (var action in StatefulSetPlan.Decide(state))
            {
                await ApplyAsync(state, action, ct);
            }
        }
        finally
        {
            state = state with { Pods = Pods(set) };
            await WriteStatusAsync(state, ct);
        }

        var live = state.Pods.Select(StatefulSetState.RevisionOf).OfType<string>().Append(current.Name).Append(update.Name).ToHashSet();
        await _history.TruncateAsync(json, all, live, ct);
        return NextLook(state);
    }

    /// <summary>A pod becomes available by the passing of time alone.</summary>
    private static TimeSpan? NextLook(StatefulSetState state)
    {
        var waits = state.Pods.Select(pod => PodConditions.UntilAvailable(pod, state.MinReadySeconds, state.Now)).Where(wait => wait > TimeSpan.Zero).ToList();
        return waits.Count == 0 ? null : waits.Min()!.Value + TimeSpan.FromMilliseconds(100);
    }

    private List<V1Pod> Pods(V1StatefulSet set) =>
    [
        .. api.List(ResourceTypes.Pods, set.Metadata.NamespaceProperty, Selectors.Text(set.Spec.Selector)).Items
            .Select(pod => pod.To<V1Pod>())
            .Where(pod => Ownership.IsControlledBy(pod.Metadata, set.Metadata.Uid) && StatefulSetPods.Ordinal(set.Metadata.Name, pod.Metadata.Name) is not null),
    ];

    /// <summary>Takes pods that match and have no controller, as after a deletion that orphaned them.</summary>
    private async Task AdoptAsync(JsonObject json, V1StatefulSet set, CancellationToken ct)
    {
        if (set.Metadata.DeletionTimestamp is not null)
        {
            return;
        }

        foreach (var pod in api.List(ResourceTypes.Pods, set.Metadata.NamespaceProperty, Selectors.Text(set.Spec.Selector)).Items)
        {
            if (pod.Objects("metadata", "ownerReferences").Any(reference => reference.Flag("controller") == true)
                || pod.At("metadata", "deletionTimestamp") is not null
                || StatefulSetPods.Ordinal(set.Metadata.Name, pod.Text("metadata", "name")!) is null)
            {
                continue;
            }

            pod["metadata"]!["ownerReferences"] = new JsonArray([.. pod.Objects("metadata", "ownerReferences").Select(reference => reference.DeepClone()), Ownership.Reference(Type, json)]);
            await api.UpdateAsync(ResourceTypes.Pods, pod, Component, ct: ct);
        }
    }

    private Task ApplyAsync(StatefulSetState state, StatefulSetAction action, CancellationToken ct) => action switch
    {
        StatefulSetAction.Create create => CreateAsync(state, create.Ordinal, ct),
        StatefulSetAction.Delete delete => DeleteAsync(state, delete.Pod, ct),
        _ => throw new InvalidOperationException($"Unknown action {action}."),
    };

    private async Task CreateAsync(StatefulSetState state, long ordinal, CancellationToken ct)
    {
        var ns = state.Set.Metadata.NamespaceProperty;
        var name = StatefulSetPods.Name(state.Name, ordinal);
        try
        {
            foreach (var claim in StatefulSetPods.Claims(state.Json, name))
            {
                var claimName = claim.Text("metadata", "name")!;
                if (api.Get(ResourceTypes.PersistentVolumeClaims, ns, claimName) is null)
                {
                    await api.CreateAsync(ResourceTypes.PersistentVolumeClaims, ns, claim, Component, ct);
                    api.RecordEvent(state.Json, "Normal", "SuccessfulCreate", $"create Claim {claimName} Pod {name} in StatefulSet {state.Name} success", Component);
                }
            }

            await api.CreateAsync(ResourceTypes.Pods, ns, StatefulSetPods.New(state.Json, state.RevisionFor(ordinal), ordinal), Component, ct);
            api.RecordEvent(state.Json, "Normal", "SuccessfulCreate", $"create Pod {name} in StatefulSet {state.Name} successful", Component);
        }
        catch (ApiStatusException e)
        {
            api.RecordEvent(state.Json, "Warning", "FailedCreate", $"create Pod {name} in StatefulSet {state.Name} failed error: {e.Message}", Component);
            throw;
        }
    }

    private async Task DeleteAsync(StatefulSetState state, V1Pod pod, CancellationToken ct)
    {
        if (PodConditions.HasEnded(pod))
        {
            api.RecordEvent(
                state.Json, "Warning", "RecreatingFailedPod",
                $"StatefulSet {state.Set.Metadata.NamespaceProperty}/{state.Name} is recreating failed Pod {pod.Metadata.Name}", Component);
        }

        await api.DeleteAsync(
            ResourceTypes.Pods, pod.Metadata.NamespaceProperty, pod.Metadata.Name, new DeleteOptions { PreconditionUid = pod.Metadata.Uid }, ct);
        api.RecordEvent(state.Json, "Normal", "SuccessfulDelete", $"delete Pod {pod.Metadata.Name} in StatefulSet {state.Name} successful", Component);
    }

    private async Task WriteStatusAsync(StatefulSetState state, CancellationToken ct)
    {
        if (api.Get(Type, state.Set.Metadata.NamespaceProperty, state.Name) is not { } json || json.Text("metadata", "uid") != state.Set.Metadata.Uid)
        {
            return;
        }

        json["status"] = KubernetesModel.ToJson(StatefulSetStatus.Build(state));
        await api.UpdateAsync(Type, json, Component, "status", ct);
    }
}
