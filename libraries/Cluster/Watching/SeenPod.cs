using k8s.Models;

namespace Workspaces.Cluster.Watching;

/// <summary>A pod as the watcher last saw it. One that is gone is kept until its workspace was reconciled, so that nobody misses why.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Presence">Whether it is still there.</param>
public sealed record SeenPod(V1Pod Pod, PodPresence Presence)
{
    /// <summary>Whether it is there and stays.</summary>
    public bool IsAlive => Presence == PodPresence.Present && Pod.Metadata.DeletionTimestamp is null;
}
