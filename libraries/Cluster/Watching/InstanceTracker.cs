using k8s.Models;
using Workspaces.Cluster.Records;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Watching;

/// <summary>
/// The replica watcher's decision: from what a record knows and what the cluster shows to instances that came up or went down. Pure.
/// An instance comes up once and goes down once; what went down stays down, also where an old state of its pod is seen again.
/// </summary>
public static class InstanceTracker
{
    /// <summary>
    /// Instances that are announced in one step: a record has room for so many announcements, and the next step follows at once.
    /// </summary>
    private const int MaxPerStep = 200;

    /// <summary>The record after every known run that has ended was reported down.</summary>
    /// <param name="record">The record.</param>
    /// <param name="pods">What is seen of its pods.</param>
    /// <param name="container">Name of the workspace container.</param>
    /// <param name="now">The time, for ends that the cluster does not date.</param>
    /// <param name="isEjecting">Whether the workspace is being taken out of its workload, so that pods go because of that.</param>
    public static WorkspaceRecord TrackDown(
        WorkspaceRecord record, IReadOnlyList<SeenPod> pods, string container, DateTimeOffset now, bool isEjecting = false)
    {
        var byUid = pods.ToDictionary(pod => pod.Pod.Uid());
        foreach (var known in record.Instances)
        {
            var end = byUid.TryGetValue(known.PodUid, out var seen)
                ? PodReading.EndOf(seen, container, known.ContainerId)
                : new RunEnd(InstanceDownReason.Vanished, null);
            if (end is not null)
            {
                var reason = isEjecting && end.Reason is InstanceDownReason.Terminating ? InstanceDownReason.Ejected : end.Reason;
                record = Down(record, known, reason, end.At ?? now);
            }
        }

        return record;
    }

    /// <summary>The record after every usable run that was not known was reported up.</summary>
    public static WorkspaceRecord TrackUp(WorkspaceRecord record, IReadOnlyList<SeenPod> pods, InstanceContext context)
    {
        var known = record.Instances.Select(instance => instance.InstanceId).Concat(record.Ended).ToHashSet();
        var announced = 0;
        foreach (var seen in pods)
        {
            if (PodReading.UsableRun(seen, context.Container) is not { } run || !context.IsOurs(seen.Pod))
            {
                continue;
            }

            var id = InstanceId.For(record.WorkspaceId, seen.Pod.Uid(), run.ContainerId);
            if (known.Add(id))
            {
                record = Up(record, seen.Pod, run, id, context);
                if (++announced == MaxPerStep)
                {
                    break;
                }
            }
        }

        return record;
    }

    /// <summary>The record after all instances that are left were reported down, because the cluster was seen to have no pod of them.</summary>
    public static WorkspaceRecord AllDown(WorkspaceRecord record, InstanceDownReason reason, DateTimeOffset now)
    {
        foreach (var known in record.Instances)
        {
            record = Down(record, known, reason, now);
        }

        return record;
    }

    private static WorkspaceRecord Up(WorkspaceRecord record, V1Pod pod, ContainerRun run, Guid id, InstanceContext context)
    {
        var known = new KnownInstance { InstanceId = id, Pod = pod.Name(), PodUid = pod.Uid(), ContainerId = run.ContainerId };
        return (record with { Instances = [.. record.Instances, known] }).With(run.ReadyAt, at => new InstanceUp
        {
            EventId = EventId.For<InstanceUp>(id.ToString()),
            OccurredAt = at,
            WorkspaceId = record.WorkspaceId,
            Generation = record.Generation,
            InstanceId = id,
            Pod = new PodReference(pod.Namespace(), pod.Name(), pod.Uid(), pod.Status.PodIP, pod.Spec.NodeName ?? ""),
            Workload = context.Workload,
            Replica = pod.Name()[(pod.Name().LastIndexOf('-') + 1)..],
            SshPort = context.SshPort,
            HostKey = context.HostKey,
            LoginUser = context.LoginUser,
            Apps = context.Apps,
        });
    }

    private static WorkspaceRecord Down(WorkspaceRecord record, KnownInstance known, InstanceDownReason reason, DateTimeOffset fact)
    {
        Guid[] ended = [.. record.Ended, known.InstanceId];
        return (record with
        {
            Instances = [.. record.Instances.Where(other => other.InstanceId != known.InstanceId)],
            Ended = [.. ended.TakeLast(WorkspaceRecord.MaxEnded)],
        }).With(fact, at => new InstanceDown
        {
            EventId = EventId.For<InstanceDown>(known.InstanceId.ToString()),
            OccurredAt = at,
            WorkspaceId = record.WorkspaceId,
            Generation = record.Generation,
            InstanceId = known.InstanceId,
            Reason = reason,
        });
    }
}
