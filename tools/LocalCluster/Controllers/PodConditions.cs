using k8s.Models;

namespace Workspaces.LocalCluster.Controllers;

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

    private static V1PodCondition? Ready(V1Pod pod) => pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready");
}
