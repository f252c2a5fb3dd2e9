using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.ReplicaSets;

/// <summary>A ReplicaSet and its pods at one moment: what a decision is made from.</summary>
/// <param name="Set">The ReplicaSet.</param>
/// <param name="Pods">The pods that it controls and that match.</param>
/// <param name="Now">The time.</param>
internal sealed record ReplicaSetState(V1ReplicaSet Set, IReadOnlyList<V1Pod> Pods, DateTime Now)
{
    public int Replicas => Set.Spec.Replicas ?? 1;

    public int MinReadySeconds => Set.Spec.MinReadySeconds ?? 0;

    public IReadOnlyList<V1Pod> Active { get; } = [.. Pods.Where(PodConditions.IsActive)];

    public IReadOnlyList<V1Pod> Ending { get; } = [.. Pods.Where(PodConditions.IsEnding)];
}
