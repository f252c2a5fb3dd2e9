using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;
using Workspaces.LocalCluster.Controllers.Revisions;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>A StatefulSet and its pods at one moment: what a decision is made from.</summary>
internal sealed class StatefulSetState
{
    private readonly SortedDictionary<long, V1Pod> _byOrdinal = [];

    /// <param name="set">The StatefulSet.</param>
    /// <param name="current">The revision that a rolling update comes from.</param>
    /// <param name="update">The revision of the present template.</param>
    /// <param name="pods">Its pods.</param>
    /// <param name="now">The time.</param>
    public StatefulSetState(V1StatefulSet set, Revision current, Revision update, IEnumerable<V1Pod> pods, DateTime now)
    {
        (Set, Current, Update, Now) = (set, current, update, now);
        foreach (var pod in pods)
        {
            if (StatefulSetPods.Ordinal(set.Metadata.Name, pod.Metadata.Name) is { } ordinal)
            {
                _byOrdinal[ordinal] = pod;
            }
        }
    }

    public V1StatefulSet Set { get; }

    public Revision Current { get; }

    public Revision Update { get; }

    public DateTime Now { get; }

    public string Name => Set.Metadata.Name;

    public long Start => Set.Spec.Ordinals?.Start ?? 0;

    public long Replicas => Set.Spec.Replicas ?? 1;

    public int MinReadySeconds => Set.Spec.MinReadySeconds ?? 0;

    public bool IsOrdered => Set.Spec.PodManagementPolicy != "Parallel";

    public bool RollsByItself => Set.Spec.UpdateStrategy?.Type != "OnDelete";

    public long Partition => Set.Spec.UpdateStrategy?.RollingUpdate?.Partition ?? 0;

    /// <summary>All pods, lowest ordinal first.</summary>
    public IReadOnlyCollection<V1Pod> Pods => _byOrdinal.Values;

    /// <summary>Pods outside the wanted range, highest ordinal first.</summary>
    public IEnumerable<V1Pod> Condemned => _byOrdinal.Where(entry => !IsWanted(entry.Key)).Reverse().Select(entry => entry.Value);

    /// <summary>The first pod that is not available: of those that are wanted, else of those that are too many.</summary>
    public V1Pod? FirstUnavailable =>
        _byOrdinal.Where(entry => IsWanted(entry.Key)).Concat(_byOrdinal.Where(entry => !IsWanted(entry.Key))).Select(entry => entry.Value).FirstOrDefault(IsUnavailable);

    public bool IsWanted(long ordinal) => ordinal >= Start && ordinal < Start + Replicas;

    public bool IsWanted(V1Pod pod) => StatefulSetPods.Ordinal(Name, pod.Metadata.Name) is { } ordinal && IsWanted(ordinal);

    public V1Pod? PodAt(long ordinal) => _byOrdinal.GetValueOrDefault(ordinal);

    /// <summary>The revision for a pod that is made now.</summary>
    public Revision RevisionFor(long ordinal) => RollsByItself && ordinal < Start + Partition ? Current : Update;

    public bool IsAvailable(V1Pod pod) => PodConditions.IsRunningAndReady(pod) && PodConditions.IsAvailable(pod, MinReadySeconds, Now);

    public bool IsUnavailable(V1Pod pod) => PodConditions.IsTerminating(pod) || !PodConditions.IsAvailable(pod, MinReadySeconds, Now);

    public static string? RevisionOf(V1Pod pod) => pod.Metadata.Labels?.TryGetValue(StatefulSetPods.RevisionLabel, out var revision) == true ? revision : null;
}
