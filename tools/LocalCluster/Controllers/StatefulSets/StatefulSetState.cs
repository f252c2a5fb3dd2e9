using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Controllers.Revisions;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>A StatefulSet and its pods at one moment: what a decision is made from.</summary>
internal sealed record StatefulSetState(JsonObject Json, V1StatefulSet Set, Revision Current, Revision Update, IReadOnlyList<V1Pod> Pods, DateTime Now)
{
    public string Name => Set.Metadata.Name;

    public long Start => Set.Spec.Ordinals?.Start ?? 0;

    public long Replicas => Set.Spec.Replicas ?? 1;

    public int MinReadySeconds => Set.Spec.MinReadySeconds ?? 0;

    public bool IsOrdered => Set.Spec.PodManagementPolicy != "Parallel";

    public bool RollsByItself => Set.Spec.UpdateStrategy?.Type != "OnDelete";

    public long Partition => Set.Spec.UpdateStrategy?.RollingUpdate?.Partition ?? 0;

    public V1Pod? PodAt(long ordinal) => Pods.FirstOrDefault(pod => StatefulSetPods.Ordinal(Name, pod.Metadata.Name) == ordinal);

    /// <summary>Pods outside the wanted range, highest ordinal first.</summary>
    public IEnumerable<V1Pod> Condemned =>
        Pods.Where(pod => StatefulSetPods.Ordinal(Name, pod.Metadata.Name) is { } ordinal && (ordinal < Start || ordinal >= Start + Replicas))
            .OrderByDescending(pod => StatefulSetPods.Ordinal(Name, pod.Metadata.Name));

    /// <summary>The revision for a pod that is made now.</summary>
    public Revision RevisionFor(long ordinal) => RollsByItself && ordinal < Start + Partition ? Current : Update;

    public bool IsAvailable(V1Pod pod) => PodConditions.IsRunningAndReady(pod) && PodConditions.IsAvailable(pod, MinReadySeconds, Now);

    public static string? RevisionOf(V1Pod pod) => pod.Metadata.Labels?.TryGetValue(StatefulSetPods.RevisionLabel, out var revision) == true ? revision : null;
}
