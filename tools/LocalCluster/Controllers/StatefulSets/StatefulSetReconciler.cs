using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Pods;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Controllers.Revisions;
using Workspaces.LocalCluster.Node;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>The StatefulSet controller: keeps its history, has <see cref="StatefulSetPlan"/>'s decisions carried out, writes the status.</summary>
internal sealed class StatefulSetReconciler(IClusterApi api, ClusterView view, TimeProvider time) : IReconciler
{
    private readonly Claiming _claiming = new(api, view, ResourceTypes.StatefulSets);
    private readonly RevisionHistory _history = new(api, view, ResourceTypes.StatefulSets, StatefulSetPods.HashLabel);
    private readonly StatefulPodControl _pods = new(api, view);
    private readonly StatusWriter _status = new(api, view);

    public ResourceType Type => ResourceTypes.StatefulSets;

    public IReadOnlyList<ResourceType> Watched { get; } = [ResourceTypes.Pods, ResourceTypes.PersistentVolumeClaims];

    /// <summary>A claim concerns the sets that may wait for it to go.</summary>
    public IEnumerable<ObjectKey> Concerned(StoredObject changed) => changed.Type == ResourceTypes.Pods
        ? view.OwnersOf(changed, Type)
        : view.List(Type, changed.Namespace)
            .Where(set => set.Json.Objects("spec", "volumeClaimTemplates").Any(claim => changed.Name.StartsWith($"{claim.Text("metadata", "name")}-{set.Name}-", StringComparison.Ordinal)))
            .Select(ObjectKey.Of);

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (view.Get(Type, key.Namespace, key.Name) is not { } stored)
        {
            return null;
        }

        var revisions = stored.IsDeleted ? _history.Read(stored) : await _history.SyncAsync(stored, ct);
        if (revisions is null)
        {
            return null;
        }

        var state = await ReadAsync(stored, revisions, ct);
        var plan = StatefulSetPlan.Decide(state, ordinal => _pods.HasStaleClaims(stored, ordinal));
        ApiStatusException? failure = null;
        try
        {
            await _pods.ApplyAsync(stored, state, plan, ct);
        }
        catch (ApiStatusException e)
        {
            failure = e;
        }

        state = await ReadAsync(stored, revisions, ct);
        await _status.WriteAsync(stored, KubernetesModel.ToJson(StatefulSetStatus.Build(state, revisions.Collisions)), null, ct);
        var live = state.Pods.Select(StatefulSetState.RevisionOf).Append(state.Current.Name).Append(state.Update.Name).ToHashSet();
        await _history.TruncateAsync(stored, revisions.All.Where(revision => !live.Contains(revision.Name)), _ => false, ct);
        if (failure is not null && !PodControl.IsNamespaceTerminating(failure))
        {
            throw failure;
        }

        return PodConditions.NextAvailable(state.Pods, state.MinReadySeconds, state.Now);
    }

    private async Task<StatefulSetState> ReadAsync(StoredObject stored, RevisionSet revisions, CancellationToken ct)
    {
        var pods = await _claiming.ClaimAsync(stored, ResourceTypes.Pods, belongs: pod => StatefulSetPods.Ordinal(stored.Name, pod.Name) is not null, ct: ct);
        var current = stored.Json.Text("status", "currentRevision") is { } name ? revisions.All.FirstOrDefault(revision => revision.Name == name) : null;
        return new StatefulSetState(
            stored.As<V1StatefulSet>(), current ?? revisions.Present, revisions.Present, pods.Select(pod => pod.As<V1Pod>()), time.GetUtcNow().UtcDateTime);
    }
}
