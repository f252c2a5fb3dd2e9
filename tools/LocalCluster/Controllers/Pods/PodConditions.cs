using k8s.Models;

namespace Workspaces.LocalCluster.Controllers.Pods;

/// <summary>How controllers see pods.</summary>
internal static class PodConditions
{
    public static bool IsReady(V1Pod pod) => Ready(pod)?.Status == "True";

    public static bool IsRunningAndReady(V1Pod pod) => pod.Status?.Phase == "Running" && IsReady(pod);

    public static bool IsTerminating(V1Pod pod) => pod.Metadata.DeletionTimestamp is not null;

    public static bool HasEnded(V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    /// <summary>Neither ended nor being deleted.</summary>
    public static bool IsActive(V1Pod pod) => !HasEnded(pod) && !IsTerminating(pod);

    /// <summary>How long until the pod has been ready for the given time; zero when it has, null when it is not ready.</summary>
    public static TimeSpan? UntilAvailable(V1Pod pod, int minReadySeconds, DateTime now)
    {
        if (Ready(pod) is not { Status: "True" } ready)
        {
            return null;
        }

        if (minReadySeconds == 0)
        {
            return TimeSpan.Zero;
        }

        var left = (ready.LastTransitionTime ?? now).AddSeconds(minReadySeconds) - now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public static bool IsAvailable(V1Pod pod, int minReadySeconds, DateTime now) => UntilAvailable(pod, minReadySeconds, now) == TimeSpan.Zero;

    /// <summary>Being deleted and not yet ended.</summary>
    public static bool IsEnding(V1Pod pod) => !HasEnded(pod) && IsTerminating(pod);

    /// <summary>Since when the pod is ready; null where it is not.</summary>
    public static DateTime? ReadySince(V1Pod pod) => Ready(pod) is { Status: "True" } ready ? ready.LastTransitionTime : null;

    /// <summary>The shortest wait until one of the pods becomes available by the passing of time alone; null: none does.</summary>
    public static TimeSpan? NextAvailable(IEnumerable<V1Pod> pods, int minReadySeconds, DateTime now)
    {
        var waits = pods.Select(pod => UntilAvailable(pod, minReadySeconds, now)).Where(wait => wait > TimeSpan.Zero).ToList();
        return waits.Count == 0 ? null : waits.Min()!.Value + TimeSpan.FromMilliseconds(10);
    }

    private static V1PodCondition? Ready(V1Pod pod) => pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready");
}
