using System.Globalization;
using k8s.Models;

namespace Workspaces.LocalCluster.Controllers.Pods;

/// <summary>
/// The order in which pods that are too many go (https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#scaling-a-replicaset). Pure. In turn:
/// 1. without a node before assigned; 2. pending before unknown before running; 3. not ready before ready; 4. lower deletion cost; 5. more pods of
/// related ReplicaSets on the node; 6. ready for a shorter time, by powers of two; 7. more restarts; 8. younger, by powers of two; then by uid.
/// </summary>
internal sealed class PodRanking(IReadOnlyDictionary<string, int> podsOnNode, DateTime now) : IComparer<V1Pod>
{
    public const string DeletionCost = "controller.kubernetes.io/pod-deletion-cost";

    /// <summary>The pods to delete so that <paramref name="count"/> fewer are left.</summary>
    /// <param name="pods">The ReplicaSet's active pods.</param>
    /// <param name="related">Pods of all ReplicaSets with the same owner.</param>
    /// <param name="count">How many are too many.</param>
    /// <param name="now">The present time.</param>
    public static IReadOnlyList<V1Pod> Choose(IReadOnlyList<V1Pod> pods, IEnumerable<V1Pod> related, int count, DateTime now)
    {
        if (count >= pods.Count)
        {
            return pods;
        }

        var onNode = related.Where(PodConditions.IsActive).GroupBy(pod => pod.Spec.NodeName ?? "").ToDictionary(group => group.Key, group => group.Count());
        return [.. pods.Order(new PodRanking(onNode, now)).Take(count)];
    }

    /// <summary>Less than zero where the first goes before the second.</summary>
    public int Compare(V1Pod? x, V1Pod? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        int[] rules =
        [
            IsAssigned(x).CompareTo(IsAssigned(y)), // 1
            Phase(x).CompareTo(Phase(y)), // 2
            PodConditions.IsReady(x).CompareTo(PodConditions.IsReady(y)), // 3
            Cost(x).CompareTo(Cost(y)), // 4
            Neighbours(y).CompareTo(Neighbours(x)), // 5
        ];
        if (Array.Find(rules, rule => rule != 0) is var decided and not 0)
        {
            return decided;
        }

        // 6.
        if (PodConditions.IsReady(x) && ByTime(PodConditions.ReadySince(x), PodConditions.ReadySince(y), x, y) is var byReady and not 0)
        {
            return byReady;
        }

        // 7.
        var (restartsOfX, restartsOfY) = (Restarts(x), Restarts(y));
        if (restartsOfX != restartsOfY)
        {
            return restartsOfY.CompareTo(restartsOfX);
        }

        // 8.
        return ByTime(x.Metadata.CreationTimestamp, y.Metadata.CreationTimestamp, x, y);
    }

    private static bool IsAssigned(V1Pod pod) => !string.IsNullOrEmpty(pod.Spec.NodeName);

    private static int Phase(V1Pod pod) => pod.Status?.Phase switch { "Running" => 2, "Unknown" => 1, _ => 0 };

    private static int Cost(V1Pod pod) =>
        pod.Metadata.Annotations?.TryGetValue(DeletionCost, out var text) == true && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost)
            ? cost
            : 0;

    private int Neighbours(V1Pod pod) => podsOnNode.GetValueOrDefault(pod.Spec.NodeName ?? "");

    /// <summary>Restarts of the container that restarted most; sidecars count where that is equal.</summary>
    private static (int Regular, int Sidecar) Restarts(V1Pod pod)
    {
        var sidecars = (pod.Spec.InitContainers ?? []).Where(container => container.RestartPolicy == "Always").Select(container => container.Name).ToHashSet();
        return (
            (pod.Status?.ContainerStatuses ?? []).Select(status => status.RestartCount).DefaultIfEmpty(0).Max(),
            (pod.Status?.InitContainerStatuses ?? []).Where(status => sidecars.Contains(status.Name)).Select(status => status.RestartCount).DefaultIfEmpty(0).Max());
    }

    /// <summary>
    /// The later time goes first; a missing one before all. Ages in the same power of two (of nanoseconds) count as equal, and then the uid decides,
    /// so that which of many alike goes is as good as random.
    /// </summary>
    private int ByTime(DateTime? x, DateTime? y, V1Pod podX, V1Pod podY)
    {
        if (x == y)
        {
            return 0;
        }

        if (x is null || y is null)
        {
            return x is null ? -1 : 1;
        }

        var difference = Magnitude(x.Value).CompareTo(Magnitude(y.Value));
        return difference != 0 ? difference : string.CompareOrdinal(podX.Metadata.Uid, podY.Metadata.Uid);
    }

    private long Magnitude(DateTime time)
    {
        const double NanosecondsPerTick = 100;
        var age = (now - time).Ticks * NanosecondsPerTick;
        return age > 0 ? (long)Math.Log2(age) : -1;
    }
}
