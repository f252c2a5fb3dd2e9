using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Pods;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Node;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.ReplicaSets;

/// <summary>The ReplicaSet controller: claims pods, carries out what <see cref="ReplicaSetPlan"/> decides, writes the status.</summary>
internal sealed class ReplicaSetReconciler(IClusterApi api, ClusterView view, TimeProvider time) : IReconciler
{
    private const string Component = "replicaset-controller";

    private readonly Claiming _claiming = new(api, view, ResourceTypes.ReplicaSets);
    private readonly PodControl _pods = new(api, ResourceTypes.ReplicaSets, Component);
    private readonly StatusWriter _status = new(api, view);

    public ResourceType Type => ResourceTypes.ReplicaSets;

    public IReadOnlyList<ResourceType> Watched { get; } = [ResourceTypes.Pods];

    public IEnumerable<ObjectKey> Concerned(StoredObject changed) => view.OwnersOf(changed, Type);

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (view.Get(Type, key.Namespace, key.Name) is not { } stored)
        {
            return null;
        }

        var state = await ReadAsync(stored, ct);
        var plan = ReplicaSetPlan.Decide(state, () => Related(stored));
        var failure = await ApplyAsync(stored, plan, ct);
        if (plan.Create > 0 || plan.Delete.Count > 0)
        {
            state = await ReadAsync(stored, ct);
        }

        await _status.WriteAsync(stored, KubernetesModel.ToJson(ReplicaSetStatus.Build(state, failure?.Message, plan.Create > 0)), null, ct);
        if (failure is not null)
        {
            throw failure;
        }

        return PodConditions.NextAvailable(state.Active, state.MinReadySeconds, state.Now);
    }

    private async Task<ReplicaSetState> ReadAsync(StoredObject stored, CancellationToken ct)
    {
        var pods = await _claiming.ClaimAsync(stored, ResourceTypes.Pods, changes: pod => PodConditions.IsActive(pod.As<V1Pod>()), ct: ct);
        return new ReplicaSetState(stored.As<V1ReplicaSet>(), [.. pods.Select(pod => pod.As<V1Pod>())], time.GetUtcNow().UtcDateTime);
    }

    private async Task<ApiStatusException?> ApplyAsync(StoredObject stored, ReplicaSetPlan plan, CancellationToken ct)
    {
        var template = stored.Json.At("spec", "template")!.AsObject();
        var (_, failure) = await SlowStart.RunAsync(plan.Create, _ => _pods.CreateAsync(stored.Json, _pods.FromTemplate(stored.Json, template), ct));
        foreach (var pod in plan.Delete)
        {
            try
            {
                await _pods.DeleteAsync(stored.Json, pod, ct);
            }
            catch (ApiStatusException e)
            {
                failure ??= e;
            }
        }

        return failure is not null && PodControl.IsNamespaceTerminating(failure) ? null : failure;
    }

    /// <summary>The pods of every ReplicaSet that has the same controller; none for a ReplicaSet of nobody's.</summary>
    private IEnumerable<V1Pod> Related(StoredObject stored)
    {
        IEnumerable<StoredObject> sets = stored.ControllerUid is { } owner ? view.ControlledBy(Type, owner) : [];
        return sets.SelectMany(set => view.ControlledBy(ResourceTypes.Pods, set.Uid)).Select(pod => pod.As<V1Pod>());
    }
}
