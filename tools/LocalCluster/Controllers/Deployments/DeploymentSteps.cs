using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Pods;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Controllers.Revisions;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>
/// Carries out what was decided for a Deployment's ReplicaSets. A ReplicaSet that changed since the decision is left alone (409): the Deployment is
/// then looked at again.
/// </summary>
internal sealed class DeploymentSteps(IClusterApi api, ClusterView view)
{
    private const string Component = "deployment-controller";
    private const int LongestName = 253;

    public Task ApplyAsync(StoredObject deployment, DeploymentState state, DeploymentAction action, DeploymentOutcome outcome, CancellationToken ct) => action switch
    {
        DeploymentAction.Create create => CreateAsync(deployment, state, create, outcome, ct),
        DeploymentAction.Annotate annotate => AnnotateAsync(deployment, state, annotate, ct),
        DeploymentAction.Scale scale => ScaleAsync(deployment, state, scale, ct),
        DeploymentAction.Delete delete => DeleteAsync(deployment, delete.Set, ct),
        _ => throw new InvalidOperationException($"Unknown action {action}."),
    };

    private async Task CreateAsync(StoredObject deployment, DeploymentState state, DeploymentAction.Create create, DeploymentOutcome outcome, CancellationToken ct)
    {
        var hash = RevisionHash.Of(state.Template.ToJsonString(), state.Deployment.Status?.CollisionCount);
        var name = Name(deployment.Name, hash);
        try
        {
            await api.CreateAsync(ResourceTypes.ReplicaSets, deployment.Namespace, NewSet(deployment, state, create, name, hash), ControllerNames.FieldManager, ct);
        }
        catch (ApiStatusException e) when (e.IsAlreadyExists)
        {
            // One of this Deployment with this template would have been found: this one is another's, or has another template.
            outcome.Collided = true;
            return;
        }
        catch (ApiStatusException e)
        {
            outcome.Failure = e;
            if (!PodControl.IsNamespaceTerminating(e))
            {
                outcome.CreateFailure = $"Failed to create new replica set \"{name}\": {e.Message}";
                api.RecordEvent(deployment.Json, "Warning", "ReplicaSetCreateError", outcome.CreateFailure, Component);
            }

            return;
        }

        outcome.Created = name;
        if (create.Size > 0)
        {
            api.RecordEvent(deployment.Json, "Normal", "ScalingReplicaSet", $"Scaled up replica set {name} from 0 to {create.Size}", Component);
        }
    }

    private static string Name(string deployment, string hash)
    {
        var room = LongestName - hash.Length - 1;
        return $"{(deployment.Length > room ? deployment[..room] : deployment)}-{hash}";
    }

    private static JsonObject NewSet(StoredObject deployment, DeploymentState state, DeploymentAction.Create create, string name, string hash)
    {
        var template = PodTemplates.WithHash(state.Template, hash);
        var selector = deployment.Json.At("spec", "selector")!.DeepClone().AsObject();
        selector.Ensure("matchLabels")[PodTemplates.HashLabel] = hash;
        var annotations = DeploymentAnnotations.Sizes(state.Replicas, state.Replicas + state.MaxSurge);
        var own = state.Deployment.Metadata.Annotations ?? new Dictionary<string, string>();
        foreach (var (key, value) in DeploymentAnnotations.ForPresent(own, new Dictionary<string, string>(), create.Revision)!)
        {
            annotations[key] = value;
        }

        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = deployment.Namespace,
                ["labels"] = template.At("metadata", "labels")!.DeepClone(),
                ["annotations"] = Map(annotations),
                ["ownerReferences"] = new JsonArray(Ownership.Reference(ResourceTypes.Deployments, deployment.Json)),
            },
            ["spec"] = new JsonObject
            {
                ["replicas"] = create.Size,
                ["minReadySeconds"] = state.Deployment.Spec.MinReadySeconds ?? 0,
                ["selector"] = selector,
                ["template"] = template,
            },
        };
    }

    private static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var result = new JsonObject();
        foreach (var (key, value) in pairs)
        {
            result[key] = value;
        }

        return result;
    }

    private async Task AnnotateAsync(StoredObject deployment, DeploymentState state, DeploymentAction.Annotate action, CancellationToken ct)
    {
        if (Find(deployment, action.Set) is not { } set)
        {
            return;
        }

        foreach (var (key, value) in action.Annotations)
        {
            set["metadata"]!.AsObject().Ensure("annotations")[key] = value;
        }

        set["spec"]!["minReadySeconds"] = state.Deployment.Spec.MinReadySeconds ?? 0;
        await api.UpdateAsync(ResourceTypes.ReplicaSets, set, ControllerNames.FieldManager, ct: ct);
    }

    private async Task ScaleAsync(StoredObject deployment, DeploymentState state, DeploymentAction.Scale scale, CancellationToken ct)
    {
        var name = scale.Set.Name;
        if (Find(deployment, scale.Set) is not { } set)
        {
            return;
        }

        if (set.Number("spec", "replicas") != scale.From)
        {
            throw ApiErrors.Modified(ResourceTypes.ReplicaSets, name);
        }

        set["spec"]!["replicas"] = scale.To;
        foreach (var (key, value) in DeploymentAnnotations.Sizes(state.Replicas, state.Replicas + state.MaxSurge))
        {
            set["metadata"]!.AsObject().Ensure("annotations")[key] = value;
        }

        await api.UpdateAsync(ResourceTypes.ReplicaSets, set, ControllerNames.FieldManager, ct: ct);
        if (scale.From != scale.To)
        {
            api.RecordEvent(
                deployment.Json, "Normal", "ScalingReplicaSet", $"Scaled {(scale.To > scale.From ? "up" : "down")} replica set {name} from {scale.From} to {scale.To}", Component);
        }
    }

    private async Task DeleteAsync(StoredObject deployment, ReplicaSetView set, CancellationToken ct)
    {
        if (Find(deployment, set) is not null)
        {
            await api.DeleteAsync(ResourceTypes.ReplicaSets, deployment.Namespace, set.Name, new DeleteOptions { PreconditionUid = set.Uid }, ct);
        }
    }

    /// <summary>The ReplicaSet as it is now, if it is still that one.</summary>
    private JsonObject? Find(StoredObject deployment, ReplicaSetView set) =>
        view.Get(ResourceTypes.ReplicaSets, deployment.Namespace, set.Name) is { } stored && stored.Uid == set.Uid ? stored.Copy() : null;
}
