using k8s.Models;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>
/// What to do to a StatefulSet's pods now. Pure. In order, as the real controller goes:
/// 1. every wanted ordinal, lowest first: replace a pod that ended, make one that is missing, and, where order matters, wait
///    for one that is not yet available; 2. pods that are too many, highest first; 3. pods of an old revision, highest first.
/// </summary>
internal static class StatefulSetPlan
{
    public static IReadOnlyList<StatefulSetAction> Decide(StatefulSetState state)
    {
        var actions = new List<StatefulSetAction>();
        if (state.Set.Metadata.DeletionTimestamp is not null)
        {
            return actions;
        }

        // 1. The wanted ordinals.
        for (var ordinal = state.Start; ordinal < state.Start + state.Replicas; ordinal++)
        {
            var pod = state.PodAt(ordinal);
            if (pod is null)
            {
                actions.Add(new StatefulSetAction.Create(ordinal));
            }
            else if (PodConditions.HasEnded(pod) && !PodConditions.IsTerminating(pod))
            {
                actions.Add(new StatefulSetAction.Delete(pod));
            }

            if (state.IsOrdered && (pod is null || PodConditions.IsTerminating(pod) || !state.IsAvailable(pod)))
            {
                return actions;
            }
        }

        // 2. Pods that are too many. An ordered set removes one at a time, and none while a lower one is unhealthy.
        var firstUnhealthy = state.Pods.OrderBy(pod => StatefulSetPods.Ordinal(state.Name, pod.Metadata.Name)).FirstOrDefault(pod => !IsHealthy(pod));
        foreach (var pod in state.Condemned)
        {
            if (PodConditions.IsTerminating(pod))
            {
                if (state.IsOrdered)
                {
                    return actions;
                }

                continue;
            }

            if (state.IsOrdered && !PodConditions.IsRunningAndReady(pod) && pod != firstUnhealthy)
            {
                return actions;
            }

            actions.Add(new StatefulSetAction.Delete(pod));
            if (state.IsOrdered)
            {
                return actions;
            }
        }

        // 3. Old revisions.
        if (state.RollsByItself && actions.Count == 0)
        {
            Roll(state, actions);
        }

        return actions;
    }

    private static void Roll(StatefulSetState state, List<StatefulSetAction> actions)
    {
        for (var ordinal = state.Start + state.Replicas - 1; ordinal >= state.Start + state.Partition; ordinal--)
        {
            if (state.PodAt(ordinal) is not { } pod)
            {
                return;
            }

            if (StatefulSetState.RevisionOf(pod) != state.Update.Name && !PodConditions.IsTerminating(pod))
            {
                actions.Add(new StatefulSetAction.Delete(pod));
                return;
            }

            if (!IsHealthy(pod))
            {
                return;
            }
        }
    }

    private static bool IsHealthy(V1Pod pod) => PodConditions.IsRunningAndReady(pod) && !PodConditions.IsTerminating(pod);
}
