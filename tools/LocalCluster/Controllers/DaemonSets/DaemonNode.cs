using k8s.Models;
using Workspaces.LocalCluster.Node.Scheduling;

namespace Workspaces.LocalCluster.Controllers.DaemonSets;

/// <summary>A node as a DaemonSet sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ShouldRun">Whether a pod should be made there.</param>
/// <param name="MayStay">Whether one that is there may go on.</param>
internal sealed record DaemonNode(string Name, bool ShouldRun, bool MayStay)
{
    /// <param name="daemon">The template's spec with the tolerations of daemons.</param>
    /// <param name="node">The node.</param>
    public static DaemonNode Of(V1PodSpec daemon, V1Node node)
    {
        var name = node.Metadata.Name;
        var pod = new V1Pod { Spec = daemon };
        if ((!string.IsNullOrEmpty(daemon.NodeName) && daemon.NodeName != name) || !NodeSelection.Matches(pod, node))
        {
            return new DaemonNode(name, ShouldRun: false, MayStay: false);
        }

        var repelling = (node.Spec?.Taints ?? []).Where(taint => taint.Effect is "NoSchedule" or "NoExecute" && !SchedulingRules.Tolerates(pod, taint)).ToList();
        return new DaemonNode(name, ShouldRun: repelling.Count == 0, MayStay: repelling.TrueForAll(taint => taint.Effect != "NoExecute"));
    }
}
