using System.Text.Json.Nodes;
using k8s.Models;

namespace Workspaces.LocalCluster.Node.Scheduling;

/// <summary>Whether a pod can run on the only node. Pure; the reasons are in the scheduler's words, in the order of its filters.</summary>
internal static class SchedulingRules
{
    private const string Prefix = "0/1 nodes are available: ";
    private const string NotHelpful = ". no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    private const string NoVictims = ". no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";

    /// <summary>Null when it can, else the message for the event and the condition.</summary>
    /// <param name="pod">The pod to place.</param>
    /// <param name="node">The node.</param>
    /// <param name="placed">The pods on the node.</param>
    /// <param name="findClaim">A claim of the pod's namespace by name.</param>
    /// <param name="namespaceLabels">The labels of a namespace.</param>
    public static string? Check(
        V1Pod pod, V1Node node, IEnumerable<V1Pod> placed, Func<string, V1PersistentVolumeClaim?> findClaim, Func<string, JsonObject?> namespaceLabels)
    {
        if ((CheckClaims(pod, findClaim) ?? CheckNode(pod, node)) is { } problem)
        {
            return Prefix + problem + NotHelpful;
        }

        var others = placed.Where(other => other.Status?.Phase is not ("Succeeded" or "Failed")).ToList();
        if (NodeRoom.PortsCollide(pod, others))
        {
            return $"{Prefix}1 node(s) didn't have free ports for the requested pod ports{NoVictims}";
        }

        var shortages = NodeRoom.Shortages(pod, node, others).ToList();
        if (shortages.Count > 0)
        {
            // What asks for more than the whole node has gains nothing from others leaving it.
            var hopeless = shortages.Exists(shortage => shortage.Resource != "pods" && shortage.Requested > shortage.Capacity);
            var reasons = shortages.Select(shortage => shortage.Resource == "pods" ? "1 Too many pods" : $"1 Insufficient {shortage.Resource}").Order(StringComparer.Ordinal);
            return Prefix + string.Join(", ", reasons) + (hopeless ? NotHelpful : NoVictims);
        }

        return PodPlacement.Check(pod, node, others, namespaceLabels) is not { } placement
            ? null
            : $"{Prefix}1 {placement}{(placement.Contains("missing required label", StringComparison.Ordinal) || placement.Contains("pod affinity rules", StringComparison.Ordinal) ? NotHelpful : NoVictims)}";
    }

    public static bool Tolerates(V1Pod pod, V1Taint taint) =>
        (pod.Spec.Tolerations ?? []).Any(toleration =>
            (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == taint.Effect)
            && (toleration.OperatorProperty == "Exists"
                ? string.IsNullOrEmpty(toleration.Key) || toleration.Key == taint.Key
                : toleration.Key == taint.Key && (toleration.Value ?? "") == (taint.Value ?? "")));

    private static string? CheckClaims(V1Pod pod, Func<string, V1PersistentVolumeClaim?> findClaim)
    {
        foreach (var source in (pod.Spec.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim).Where(source => source is not null))
        {
            if (findClaim(source!.ClaimName) is not { } claim)
            {
                return $"persistentvolumeclaim \"{source.ClaimName}\" not found";
            }

            if (claim.Status?.Phase != "Bound")
            {
                return "pod has unbound immediate PersistentVolumeClaims";
            }
        }

        return null;
    }

    private static string? CheckNode(V1Pod pod, V1Node node)
    {
        var cordon = new V1Taint { Key = "node.kubernetes.io/unschedulable", Effect = "NoSchedule" };
        if (node.Spec?.Unschedulable == true && !Tolerates(pod, cordon))
        {
            return "1 node(s) were unschedulable";
        }

        if ((node.Spec?.Taints ?? []).Any(taint => taint.Effect != "PreferNoSchedule" && !Tolerates(pod, taint)))
        {
            return "1 node(s) had untolerated taint(s)";
        }

        return NodeSelection.Matches(pod, node) ? null : "1 node(s) didn't match Pod's node affinity/selector";
    }
}
