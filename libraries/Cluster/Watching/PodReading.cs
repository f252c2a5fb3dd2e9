using k8s.Models;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Watching;

/// <summary>
/// Reads from the state of a pod which run of the workspace container is usable, and whether and why a run that was usable has
/// ended. Pure, and only about what is: in which order states were seen, or how often, plays no part.
/// </summary>
public static class PodReading
{
    /// <summary>
    /// The usable run, or <see langword="null"/>. Ready is the container's own word (its startup probe has passed), whatever else is
    /// in the pod; once a run was usable, a later "not ready" of the same run means nothing (see <see cref="EndOf"/>).
    /// </summary>
    public static ContainerRun? UsableRun(SeenPod seen, string container)
    {
        var pod = seen.Pod;
        if (!seen.IsAlive || string.IsNullOrEmpty(pod.Status?.PodIP) || pod.Status.Phase is "Failed" or "Succeeded")
        {
            return null;
        }

        return StatusOf(pod, container) is { Ready: true, ContainerID: { Length: > 0 } id, State.Running: { } running }
            ? new ContainerRun(id, ReadyAt(pod, running))
            : null;
    }

    /// <summary>How the run <paramref name="containerId"/> ended, or <see langword="null"/> while nothing says that it did.</summary>
    public static RunEnd? EndOf(SeenPod seen, string container, string containerId)
    {
        var pod = seen.Pod;

        // 1. The pod is going or gone: that ends whatever runs in it. When the container ended by itself before, it is still the
        //    deletion that people will know about.
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            return new RunEnd(WhyDeleted(pod), DeletionAskedAt(pod));
        }

        switch (seen.Presence)
        {
            case PodPresence.Deleted:
                return new RunEnd(WhyDeleted(pod), null);
            case PodPresence.Missing:
                return new RunEnd(InstanceDownReason.Vanished, null);
        }

        // 2. The pod as a whole has ended.
        var status = StatusOf(pod, container);
        if (pod.Status?.Phase is "Failed" or "Succeeded")
        {
            var evicted = pod.Status.Reason is "Evicted" or "Preempting" or "Terminated" or "NodeShutdown";
            return new RunEnd(evicted ? InstanceDownReason.Evicted : InstanceDownReason.Crashed, Utc(EndedRun(status, containerId)?.FinishedAt));
        }

        // 3. This run has ended; another one may have begun. No status at all is not news of an end.
        if (EndedRun(status, containerId) is { } ended)
        {
            return new RunEnd(InstanceDownReason.Crashed, Utc(ended.FinishedAt));
        }

        return status?.ContainerID is { Length: > 0 } id && id != containerId
            ? new RunEnd(InstanceDownReason.Crashed, Utc(status.State?.Running?.StartedAt))
            : null;
    }

    /// <summary>The status of a container, also of an init or ephemeral one.</summary>
    public static V1ContainerStatus? StatusOf(V1Pod pod, string container) =>
        (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.EphemeralContainerStatuses ?? [])
            .FirstOrDefault(status => status.Name == container);

    /// <summary>Kubernetes times are UTC.</summary>
    internal static DateTimeOffset? Utc(DateTime? time) =>
        time is { } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;

    /// <summary>The terminated state of exactly this run, which is either the current or the last state of the container.</summary>
    private static V1ContainerStateTerminated? EndedRun(V1ContainerStatus? status, string containerId)
    {
        if (status?.State?.Terminated is { } now && (now.ContainerID ?? status.ContainerID) == containerId)
        {
            return now;
        }

        return status?.LastState?.Terminated is { } last && last.ContainerID == containerId ? last : null;
    }

    /// <summary>The time of the pod's Ready condition, which is when the last of its containers became ready, else the start.</summary>
    private static DateTimeOffset ReadyAt(V1Pod pod, V1ContainerStateRunning running)
    {
        var started = Utc(running.StartedAt) ?? Utc(pod.Metadata.CreationTimestamp) ?? DateTimeOffset.UnixEpoch;
        var ready = Utc((pod.Status.Conditions ?? []).FirstOrDefault(c => c is { Type: "ContainersReady", Status: "True" })?.LastTransitionTime);
        return ready > started ? ready.Value : started;
    }

    /// <summary>https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions</summary>
    private static InstanceDownReason WhyDeleted(V1Pod pod)
    {
        var disruption = (pod.Status?.Conditions ?? []).FirstOrDefault(c => c is { Type: "DisruptionTarget", Status: "True" })?.Reason;
        return (disruption, pod.Status?.Reason) switch
        {
            ("DeletionByTaintManager" or "DeletionByPodGC", _) or (_, "NodeLost") => InstanceDownReason.NodeLost,
            ("EvictionByEvictionAPI" or "PreemptionByScheduler" or "TerminationByKubelet", _) or (_, "Evicted") => InstanceDownReason.Evicted,
            _ => InstanceDownReason.Terminating,
        };
    }

    /// <summary>The deletion timestamp is when the grace period ends, not when somebody asked.</summary>
    private static DateTimeOffset? DeletionAskedAt(V1Pod pod) =>
        Utc(pod.Metadata.DeletionTimestamp)?.AddSeconds(-(pod.Metadata.DeletionGracePeriodSeconds ?? 0));
}
