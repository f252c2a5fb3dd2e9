using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.DaemonSets;

/// <summary>The status of a DaemonSet: of each node its first pod counts. Pure.</summary>
internal static class DaemonSetStatus
{
    public static V1DaemonSetStatus Build(DaemonSetState state, int collisions)
    {
        var wanted = state.Nodes.Where(node => node.ShouldRun).ToList();
        var pods = wanted.Where(node => state.PodsByNode.ContainsKey(node.Name)).Select(node => state.PodsByNode[node.Name][0]).ToList();
        var available = pods.Count(state.IsAvailable);
        return new V1DaemonSetStatus
        {
            ObservedGeneration = state.Set.Metadata.Generation,
            DesiredNumberScheduled = wanted.Count,
            CurrentNumberScheduled = pods.Count,
            NumberMisscheduled = state.Nodes.Count(node => !node.ShouldRun && state.PodsByNode.ContainsKey(node.Name)),
            NumberReady = pods.Count(PodConditions.IsReady),
            NumberAvailable = available,
            NumberUnavailable = wanted.Count - available,
            UpdatedNumberScheduled = pods.Count(pod => DaemonPods.IsUpdated(pod, state)),
            CollisionCount = collisions > 0 ? collisions : null,
            Conditions = state.Set.Status?.Conditions,
        };
    }
}
