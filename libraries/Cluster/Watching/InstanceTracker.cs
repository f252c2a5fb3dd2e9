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
    /// <summary>The record after every known run that has ended was reported down.</summary>
    public static WorkspaceRecord TrackDown(WorkspaceRecord record, IReadOnlyList<SeenPod> pods, string container, DateTimeOffset now)
    {
        foreach (var known in record.Instances)
        {
            var seen = pods.FirstOrDefault(pod => pod.Pod.Uid() == known.PodUid);
            var end = seen is null
                ? new RunEnd(InstanceDownReason.Vanished, null)
                : PodReading.EndOf(seen, container, known.ContainerId);
            if (end is not null)
            {
                record = Down(record, known, end.Reason, end.At ?? now);
            }
        }

        return record;
    }

    /// <summary>The record after every usable run that was not known was reported up.</summary>
    public static WorkspaceRecord TrackUp(WorkspaceRecord record, IReadOnlyList<SeenPod> pods, InstanceContext context)
    {
        foreach (var seen in pods)
        {
            if (PodReading.UsableRun(seen, context.Container) is not { } run || !context.IsOurs(seen.Pod))
            {
                continue;
            }

            var id = InstanceId.For(record.WorkspaceId, seen.Pod.Uid(), run.ContainerId);
            if (!record.Instances.Any(known => known.InstanceId == id) && !record.Ended.Contains(id))
            {
                record = Up(record, seen.Pod, run, id, context);
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
