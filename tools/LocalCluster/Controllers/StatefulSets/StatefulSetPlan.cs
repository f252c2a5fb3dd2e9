using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>
/// What to do to a StatefulSet's pods now. Pure. In order, as the real controller goes:
/// 1. every wanted ordinal, lowest first: replace a pod that ended, make one that is missing, and, where order matters, wait
///    for one that is not yet available; 2. pods that are too many, highest first; 3. pods of an old revision, highest first.
/// </summary>
internal sealed class StatefulSetPlan
{
    /// <summary>Ordinals whose pods are made. Where one is refused nothing else is done.</summary>
    public List<long> Create { get; } = [];

    /// <summary>Pods that ended, and are made anew.</summary>
    public List<V1Pod> Replace { get; } = [];

    /// <summary>Pods that are too many or of an old revision.</summary>
    public List<V1Pod> Delete { get; } = [];

    /// <param name="state">The StatefulSet and its pods.</param>
    /// <param name="hasStaleClaims">Whether an ordinal's claims still wait to be deleted with an earlier pod.</param>
    public static StatefulSetPlan Decide(StatefulSetState state, Func<long, bool> hasStaleClaims)
    {
        var plan = new StatefulSetPlan();
        if (state.Set.Metadata.DeletionTimestamp is null && plan.Fill(state, hasStaleClaims) && plan.Shrink(state) && state.RollsByItself)
        {
            plan.Roll(state);
        }

        return plan;
    }

    /// <summary>1. The wanted ordinals. False: an ordered set waits.</summary>
    private bool Fill(StatefulSetState state, Func<long, bool> hasStaleClaims)
    {
        for (var ordinal = state.Start; ordinal < state.Start + state.Replicas; ordinal++)
        {
            var pod = state.PodAt(ordinal);
            if (pod is null)
            {
                if (!hasStaleClaims(ordinal))
                {
                    Create.Add(ordinal);
                }
            }
            else if (PodConditions.HasEnded(pod) && !PodConditions.IsTerminating(pod))
            {
                Replace.Add(pod);
            }

            if (state.IsOrdered && (pod is null || PodConditions.IsTerminating(pod) || !state.IsAvailable(pod)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>2. Pods that are too many. An ordered set removes one at a time, and none while a lower one is unhealthy. False: it waits for that.</summary>
    private bool Shrink(StatefulSetState state)
    {
        foreach (var pod in state.Condemned)
        {
            var waits = PodConditions.IsTerminating(pod) || (!state.IsAvailable(pod) && pod != state.FirstUnavailable);
            if (state.IsOrdered && waits)
            {
                return false;
            }

            if (!PodConditions.IsTerminating(pod))
            {
                Delete.Add(pod);
                if (state.IsOrdered)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>3. Old revisions, one at a time, each after the last is available. A pod that never becomes so holds the update up until it is deleted.</summary>
    private void Roll(StatefulSetState state)
    {
        for (var ordinal = state.Start + state.Replicas - 1; ordinal >= state.Start + state.Partition; ordinal--)
        {
            if (state.PodAt(ordinal) is not { } pod || Replace.Contains(pod))
            {
                return;
            }

            if (StatefulSetState.RevisionOf(pod) != state.Update.Name && !PodConditions.IsTerminating(pod))
            {
                Delete.Add(pod);
                return;
            }

            if (state.IsUnavailable(pod))
            {
                return;
            }
        }
    }
}
