using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Pods;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Controllers.Revisions;
using Workspaces.LocalCluster.Node;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.DaemonSets;

/// <summary>The DaemonSet controller: keeps its history, carries out what <see cref="DaemonSetPlan"/> decides, writes the status.</summary>
internal sealed class DaemonSetReconciler(IClusterApi api, ClusterView view, TimeProvider time) : IReconciler
{
    private const string Component = "daemonset-controller";

    private readonly Claiming _claiming = new(api, view, ResourceTypes.DaemonSets);
    private readonly RevisionHistory _history = new(api, view, ResourceTypes.DaemonSets, DaemonPods.HashLabel);
    private readonly PodControl _pods = new(api, ResourceTypes.DaemonSets, Component);
    private readonly StatusWriter _status = new(api, view);
    private readonly FailedPodBackOff _backOff = new(time);

    public ResourceType Type => ResourceTypes.DaemonSets;

    public IReadOnlyList<ResourceType> Watched { get; } = [ResourceTypes.Pods, ResourceTypes.Nodes, ResourceTypes.ControllerRevisions];

    public IEnumerable<ObjectKey> Concerned(StoredObject changed) =>
        changed.Type == ResourceTypes.Nodes ? view.List(Type).Select(ObjectKey.Of) : view.OwnersOf(changed, Type);

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (view.Get(Type, key.Namespace, key.Name) is not { IsDeleted: false } stored)
        {
            return null;
        }

        var revisions = await _history.SyncAsync(stored, ct);
        var state = await ReadAsync(stored, revisions.Present.Hash, ct);
        var plan = DaemonSetPlan.Decide(state, node => _backOff.Left(BackOffKey(state, node)));
        var failure = await ApplyAsync(stored, state, plan, ct);
        state = await ReadAsync(stored, revisions.Present.Hash, ct);
        await _status.WriteAsync(stored, KubernetesModel.ToJson(DaemonSetStatus.Build(state, revisions.Collisions)), null, ct);
        if (failure is not null)
        {
            throw failure;
        }

        var live = state.Pods.Select(pod => DaemonPods.Label(pod, DaemonPods.HashLabel)).ToHashSet();
        await _history.TruncateAsync(stored, revisions.Old, revision => live.Contains(revision.Hash), ct);
        return Sooner(plan.LookAgain, PodConditions.NextAvailable(state.Pods, state.MinReadySeconds, state.Now));
    }

    private static string BackOffKey(DaemonSetState state, string node) => $"{state.Set.Metadata.Uid}/{state.Set.Metadata.Generation}/{node}";

    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) => one is null ? other : other is null || one < other ? one : other;

    private async Task<DaemonSetState> ReadAsync(StoredObject stored, string hash, CancellationToken ct)
    {
        var pods = await _claiming.ClaimAsync(stored, ResourceTypes.Pods, ct: ct);
        var daemon = DaemonPods.Tolerant(stored.Json.At("spec", "template")!.AsObject())["spec"]!.AsObject().To<V1PodSpec>();
        var nodes = view.List(ResourceTypes.Nodes).Select(node => DaemonNode.Of(daemon, node.As<V1Node>())).ToList();
        return new DaemonSetState(stored.As<V1DaemonSet>(), hash, nodes, pods.Select(pod => pod.As<V1Pod>()), time.GetUtcNow().UtcDateTime);
    }

    private async Task<ApiStatusException?> ApplyAsync(StoredObject stored, DaemonSetState state, DaemonSetPlan plan, CancellationToken ct)
    {
        foreach (var (node, pod) in plan.Failed)
        {
            _backOff.Next(BackOffKey(state, node));
            api.RecordEvent(
                stored.Json, "Warning", "FailedDaemonPod", $"Found failed daemon pod {stored.Namespace}/{pod.Metadata.Name} on node {node}, will try to kill it", Component);
        }

        foreach (var pod in plan.Succeeded)
        {
            api.RecordEvent(
                stored.Json, "Normal", "SucceededDaemonPod",
                $"Found succeeded daemon pod {stored.Namespace}/{pod.Metadata.Name} on node {DaemonPods.NodeOf(pod)}, will try to delete it", Component);
        }

        var (_, failure) = await SlowStart.RunAsync(
            plan.Create.Count, i => _pods.CreateAsync(stored.Json, _pods.FromTemplate(stored.Json, DaemonPods.Template(stored.Json, state.Hash, plan.Create[i])), ct));
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
}
