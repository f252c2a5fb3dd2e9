using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>The status of a StatefulSet. Pure.</summary>
internal static class StatefulSetStatus
{
    public static V1StatefulSetStatus Build(StatefulSetState state, int collisions)
    {
        var present = state.Pods.Where(pod => !PodConditions.IsTerminating(pod)).ToList();
        var (current, update) = (state.Current.Name, state.Update.Name);
        int OfRevision(string revision) => present.Count(pod => StatefulSetState.RevisionOf(pod) == revision);
        var status = new V1StatefulSetStatus
        {
            ObservedGeneration = state.Set.Metadata.Generation,
            Replicas = state.Pods.Count,
            ReadyReplicas = state.Pods.Count(PodConditions.IsRunningAndReady),
            AvailableReplicas = state.Pods.Count(state.IsAvailable),
            CurrentReplicas = OfRevision(current),
            UpdatedReplicas = OfRevision(update),
            CurrentRevision = current,
            UpdateRevision = update,
            CollisionCount = collisions,
            Conditions = state.Set.Status?.Conditions,
        };
        // A rolling update is complete when every replica is new and ready: what was the update is now current.
        if (state.RollsByItself && status.UpdatedReplicas == state.Replicas && status.ReadyReplicas == state.Replicas && status.Replicas == state.Replicas)
        {
            status.CurrentRevision = update;
            status.CurrentReplicas = status.UpdatedReplicas;
        }

        return status;
    }
}
