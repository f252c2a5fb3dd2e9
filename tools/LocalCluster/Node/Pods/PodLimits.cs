using Workspaces.LocalCluster.Node.Volumes;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>
/// Ends pods that the kubelet ends by itself: evicted ones, those past their activeDeadlineSeconds, and those that use more disk than their limits allow
/// (https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage).
/// </summary>
internal sealed class PodLimits(NodeParts node, PodEvents events)
{
    /// <summary>How often the disk that a limited pod uses is measured; the kubelet's own interval.</summary>
    private static readonly TimeSpan DiskInterval = TimeSpan.FromSeconds(10);

    /// <summary>Ends the pod where it must; otherwise returns when to look again.</summary>
    public DateTime? Check(PodState pod, string? eviction)
    {
        if (pod.FinalPhase is not null)
        {
            return null;
        }

        var now = node.Time.GetUtcNow().UtcDateTime;
        if (eviction is not null)
        {
            Evict(pod, eviction, disrupted: true);
            return null;
        }

        DateTime? deadline = pod.Pod.Spec.ActiveDeadlineSeconds is { } seconds ? pod.StartTime.AddSeconds(seconds) : null;
        if (now >= deadline)
        {
            const string message = "Pod was active on the node longer than the specified deadline";
            events.Normal(pod, null, "DeadlineExceeded", message);
            pod.End("Failed", "DeadlineExceeded", message);
            return null;
        }

        return CheckDisk(pod, now) is { } look && (deadline is null || look < deadline) ? look : deadline;
    }

    private DateTime? CheckDisk(PodState pod, DateTime now)
    {
        if (!EphemeralStorage.IsLimited(pod.Pod))
        {
            return null;
        }

        if (now >= pod.NextDiskCheck)
        {
            pod.NextDiskCheck = now + DiskInterval;
            if (EphemeralStorage.Excess(pod.Pod, node.Folders) is { } excess)
            {
                Evict(pod, excess, disrupted: false);
                return null;
            }
        }

        return pod.NextDiskCheck;
    }

    private void Evict(PodState pod, string message, bool disrupted)
    {
        events.Warning(pod, null, "Evicted", message);
        pod.End("Failed", "Evicted", message);
        pod.WasEvicted = true;
        pod.WasDisrupted = disrupted;
    }
}
