using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Disruptions;

/// <summary>How many pods the controllers of some pods ask for together: what a budget in percents is a part of.</summary>
internal sealed class ExpectedScale(ClusterView view)
{
    /// <summary>The sum, the pods that nobody controls, or why it cannot be known.</summary>
    public (int Sum, IReadOnlyList<string> Unmanaged, string? Problem) Of(IEnumerable<StoredObject> pods)
    {
        var scales = new Dictionary<string, int>();
        var unmanaged = new List<string>();
        foreach (var pod in pods)
        {
            if (pod.ControllerUid is null)
            {
                unmanaged.Add(pod.Name);
                continue;
            }

            var (controller, problem) = Controller(pod);
            if (controller is null)
            {
                return (0, unmanaged, problem);
            }

            scales[controller.Uid] = (int)(controller.Json.Number("spec", "replicas") ?? 1);
        }

        return (scales.Values.Sum(), unmanaged, null);
    }

    /// <summary>What scales a pod: its controller, or, for a Deployment's, the Deployment.</summary>
    private (StoredObject? Controller, string? Problem) Controller(StoredObject pod)
    {
        var reference = pod.Json.Objects("metadata", "ownerReferences").First(owner => owner.Flag("controller") == true);
        if (Find(pod.Namespace, reference) is not { } controller)
        {
            return (null, $"found no controllers for pod \"{pod.Name}\"");
        }

        if (!controller.Type.Subresources.Contains("scale"))
        {
            return (null, $"{controller.Type.QualifiedName} does not implement the scale subresource");
        }

        var parent = controller.Json.Objects("metadata", "ownerReferences").FirstOrDefault(owner => owner.Flag("controller") == true);
        return (parent is not null && controller.Type == ResourceTypes.ReplicaSets && Find(pod.Namespace, parent) is { } deployment ? deployment : controller, null);
    }

    private StoredObject? Find(string? ns, JsonObject reference) =>
        ResourceTypes.FindKind(reference.Text("apiVersion") ?? "", reference.Text("kind") ?? "") is { } type
        && view.Get(type, ns, reference.Text("name") ?? "") is { } found && found.Uid == reference.Text("uid") ? found : null;
}
