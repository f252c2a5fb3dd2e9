using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Scheduling;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>
/// The kubelet's last look at a pod before it takes it: pods can be put on a node without its scheduler. A refused pod stays with phase Failed
/// (https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename).
/// </summary>
internal sealed class PodAdmission(NodeParts node, PodEvents events)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PodState> _admitted = new(StringComparer.Ordinal);

    /// <summary>Whether the node refuses the pod, which has then ended. Asks once for each pod.</summary>
    public bool Refuses(PodState pod)
    {
        if (pod.IsAdmitted)
        {
            return false;
        }

        (string Reason, string Message)? problem;
        lock (_lock)
        {
            // Which start time the status has says that an earlier run of the node took it.
            problem = pod.Pod.Status?.StartTime is not null ? null : Check(pod.Pod);
            if (problem is null)
            {
                _admitted[pod.Uid] = pod;
                pod.IsAdmitted = true;
                return false;
            }
        }

        events.Warning(pod, null, problem.Value.Reason, problem.Value.Message);
        pod.End("Failed", problem.Value.Reason, "Pod was rejected: " + problem.Value.Message);
        return true;
    }

    /// <summary>The pod has left the node, and with it what it had asked for.</summary>
    public void Forget(PodState pod)
    {
        lock (_lock)
        {
            _admitted.Remove(pod.Uid);
        }
    }

    private static (string Reason, string Message) Predicate(string name, string description) => (name, $"Predicate {name} failed: {description}");

    private (string Reason, string Message)? Check(V1Pod pod)
    {
        if (PodSupport.Check(pod) is { } unsupported)
        {
            return unsupported;
        }

        if (node.Api.Get(ResourceTypes.Nodes, null, node.NodeName)?.To<V1Node>() is not { } machine)
        {
            return null;
        }

        var others = _admitted.Values.Where(other => other.FinalPhase is null).Select(other => other.Pod).ToList();
        if (NodeRoom.Shortages(pod, machine, others).FirstOrDefault() is { Resource: not null } shortage)
        {
            var unit = shortage.Resource == "cpu" ? 1000 : 1;
            return ($"OutOf{shortage.Resource}", string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"Node didn't have enough resource: {shortage.Resource}, requested: {(long)(shortage.Requested * unit)}, used: {(long)(shortage.Used * unit)}, capacity: {(long)(shortage.Capacity * unit)}"));
        }

        if (!NodeSelection.Matches(pod, machine))
        {
            return Predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
        }

        if (NodeRoom.PortsCollide(pod, others))
        {
            return Predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports");
        }

        return (machine.Spec?.Taints ?? []).Any(taint => taint.Effect == "NoExecute" && !SchedulingRules.Tolerates(pod, taint))
            ? Predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate")
            : null;
    }
}
