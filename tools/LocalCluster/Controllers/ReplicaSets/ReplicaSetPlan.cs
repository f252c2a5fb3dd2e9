using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.ReplicaSets;

/// <summary>How many pods to make, or which to delete. Pure.</summary>
internal sealed record ReplicaSetPlan(int Create, IReadOnlyList<V1Pod> Delete)
{
    /// <summary>The most that are made or deleted in one go.</summary>
    public const int Burst = 500;

    /// <param name="state">The ReplicaSet and its pods.</param>
    /// <param name="related">Reads the pods of all ReplicaSets of the same owner; asked only where pods are too many.</param>
    public static ReplicaSetPlan Decide(ReplicaSetState state, Func<IEnumerable<V1Pod>> related)
    {
        var excess = state.Active.Count - state.Replicas;
        if (state.Set.Metadata.DeletionTimestamp is not null || excess == 0)
        {
            return new ReplicaSetPlan(0, []);
        }

        return excess < 0
            ? new ReplicaSetPlan(Math.Min(-excess, Burst), [])
            : new ReplicaSetPlan(0, PodRanking.Choose(state.Active, related(), Math.Min(excess, Burst), state.Now));
    }
}
