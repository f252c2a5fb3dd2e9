using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.DaemonSets;

/// <summary>A DaemonSet, the nodes and its pods at one moment: what a decision is made from.</summary>
internal sealed class DaemonSetState
{
    public DaemonSetState(V1DaemonSet set, string hash, IReadOnlyList<DaemonNode> nodes, IEnumerable<V1Pod> pods, DateTime now)
    {
        (Set, Hash, Nodes, Now) = (set, hash, nodes, now);

        // A pod that ended and is being deleted is the node's to remove.
        PodsByNode = pods.Where(pod => !(PodConditions.HasEnded(pod) && PodConditions.IsTerminating(pod)))
            .Select(pod => (Node: DaemonPods.NodeOf(pod), Pod: pod))
            .Where(entry => entry.Node is not null)
            .GroupBy(entry => entry.Node!, entry => entry.Pod)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<V1Pod>)[.. DaemonPods.Ordered(group)]);
        Desired = nodes.Count(node => node.ShouldRun);
        (MaxSurge, MaxUnavailable) = Limits();
    }

    public V1DaemonSet Set { get; }

    /// <summary>The hash of the present template's revision.</summary>
    public string Hash { get; }

    public IReadOnlyList<DaemonNode> Nodes { get; }

    public DateTime Now { get; }

    /// <summary>Pods by the node that they run on or are meant for; first those that have it, then the oldest.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<V1Pod>> PodsByNode { get; }

    public int Desired { get; }

    public int MaxSurge { get; }

    public int MaxUnavailable { get; }

    public bool RollsByItself => Set.Spec.UpdateStrategy?.Type != "OnDelete";

    /// <summary>Whether a node may have two pods for the time of an update.</summary>
    public bool AllowsSurge => RollsByItself && RollingLimits.Scale(Set.Spec.UpdateStrategy?.RollingUpdate?.MaxSurge, 1, roundUp: true) > 0;

    public int MinReadySeconds => Set.Spec.MinReadySeconds ?? 0;

    public IEnumerable<V1Pod> Pods => PodsByNode.Values.SelectMany(pods => pods);

    public bool IsAvailable(V1Pod pod) => PodConditions.IsAvailable(pod, MinReadySeconds, Now);

    private (int Surge, int Unavailable) Limits()
    {
        var rolling = RollsByItself ? Set.Spec.UpdateStrategy?.RollingUpdate : null;
        var surge = RollingLimits.Scale(rolling?.MaxSurge, Desired, roundUp: true);
        var unavailable = RollingLimits.Scale(rolling?.MaxUnavailable, Desired, roundUp: true);
        return (surge, Desired > 0 && surge == 0 && unavailable == 0 ? 1 : unavailable);
    }
}
