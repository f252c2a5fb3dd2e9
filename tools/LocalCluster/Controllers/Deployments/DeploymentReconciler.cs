using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Pods;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Node;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>The Deployment controller: claims ReplicaSets, has <see cref="DeploymentPlan"/>'s decisions carried out, writes the status.</summary>
internal sealed class DeploymentReconciler(IClusterApi api, ClusterView view, TimeProvider time) : IReconciler
{
    private readonly Claiming _claiming = new(api, view, ResourceTypes.Deployments);
    private readonly DeploymentSteps _steps = new(api, view);
    private readonly StatusWriter _status = new(api, view);

    public ResourceType Type => ResourceTypes.Deployments;

    public IReadOnlyList<ResourceType> Watched { get; } = [ResourceTypes.ReplicaSets, ResourceTypes.Pods];

    /// <summary>A pod matters only to a Deployment that waits for its end: strategy Recreate.</summary>
    public IEnumerable<ObjectKey> Concerned(StoredObject changed)
    {
        if (changed.Type == ResourceTypes.ReplicaSets)
        {
            return view.OwnersOf(changed, Type);
        }

        return Ownership.OwnerOf(changed.Json, ResourceTypes.ReplicaSets)
            .Select(key => view.Get(ResourceTypes.ReplicaSets, key.Namespace, key.Name)).OfType<StoredObject>()
            .SelectMany(set => Ownership.OwnerOf(set.Json, Type))
            .Where(key => view.Get(Type, key.Namespace, key.Name)?.Json.Text("spec", "strategy", "type") == "Recreate");
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (view.Get(Type, key.Namespace, key.Name) is not { } stored)
        {
            return null;
        }

        var state = Read(stored, await _claiming.ClaimAsync(stored, ResourceTypes.ReplicaSets, ct: ct));
        var scaling = state.IsPaused || state.WasScaled;
        var outcome = new DeploymentOutcome();
        foreach (var action in DeploymentPlan.Decide(state))
        {
            await _steps.ApplyAsync(stored, state, action, outcome, ct);
        }

        state = Read(stored, view.ControlledBy(ResourceTypes.ReplicaSets, stored.Uid));
        var status = DeploymentStatus.Build(state, scaling, outcome);
        await _status.WriteAsync(stored, KubernetesModel.ToJson(status), Revision(state), ct);
        if (outcome.Failure is { } failure)
        {
            throw failure;
        }

        return outcome.Collided ? TimeSpan.Zero : DeploymentStatus.UntilDeadline(state, status);
    }

    private static Dictionary<string, string>? Revision(DeploymentState state) =>
        state.New?.Annotations.TryGetValue(DeploymentAnnotations.Revision, out var revision) == true
            ? new Dictionary<string, string> { [DeploymentAnnotations.Revision] = revision }
            : null;

    private DeploymentState Read(StoredObject stored, IEnumerable<StoredObject> sets)
    {
        var deployment = stored.As<V1Deployment>();
        var template = stored.Json.At("spec", "template")!.AsObject();
        var views = sets.Select(ReplicaSetView.Of).ToList();
        var oldPodsRun = deployment.Spec.Strategy?.Type == "Recreate" && views.Where(set => !PodTemplates.Same(set.Template, template))
            .SelectMany(set => view.ControlledBy(ResourceTypes.Pods, set.Uid))
            .Any(pod => !PodConditions.HasEnded(pod.As<V1Pod>()));
        return new DeploymentState(deployment, template, views, oldPodsRun, time.GetUtcNow().UtcDateTime);
    }
}
