using k8s.Models;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Records;

namespace Workspaces.Cluster.Watching;

/// <summary>
/// Decides whether a pod is what its labels claim. Whoever may create pods can copy our labels and annotations; they cannot make a
/// pod that the StatefulSet we applied controls, nor write our records.
/// </summary>
public static class PodOwnership
{
    /// <summary>
    /// Whether <paramref name="pod"/> belongs to the workload that was applied for this record, in the namespace that it was applied in,
    /// and carries the host key that was made for it.
    /// </summary>
    public static bool IsOf(V1Pod pod, WorkspaceRecord record, string ns) =>
        record.Applied is { } applied
        && pod.Namespace() == ns
        && pod.Metadata.OwnerReferences is { } owners
        && owners.Any(owner => owner is { Controller: true, Kind: V1StatefulSet.KubeKind } && owner.Uid == applied.WorkloadUid)
        && pod.GetAnnotation(WorkspaceAnnotations.HostKey) == applied.HostKey;
}
