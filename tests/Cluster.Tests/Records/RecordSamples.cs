using Workspaces.Cluster.Records;
using Workspaces.Cluster.Tests.Rendering;
using Workspaces.Cluster.Tests.Watching;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Tests.Records;

internal static class RecordSamples
{
    public static DateTimeOffset At { get; } = new(Pods.T0);

    public static WorkspaceRequested Requested(string id = "k7f3q2m", long generation = 1) => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = At,
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Standalone,
        Name = "alice-dev",
        Owner = new WorkspaceOwner { Name = "alice", Uid = 1042, Gid = 1043 },
        RequestedBy = "alice",
        Blueprint = RenderingSamples.Minimal,
    };

    public static WorkspaceStopRequested StopRequested(long generation, string id = "k7f3q2m") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = At,
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Standalone,
        RequestedBy = "alice",
        Reason = ChangeReason.User,
    };

    public static WorkspaceStartRequested StartRequested(long generation, string id = "k7f3q2m") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = At,
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Standalone,
        RequestedBy = "alice",
        Reason = ChangeReason.User,
    };

    public static WorkspaceDeletionRequested DeletionRequested(long generation, string id = "k7f3q2m") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = At,
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Standalone,
        RequestedBy = "alice",
        Reason = ChangeReason.User,
    };

    public static WorkspaceRecord Fresh() => RecordTransitions.Apply(null, Requested(), traceParent: null);

    public static WorkspaceRecord Applied() => Fresh() with
    {
        Applied = new AppliedState { Generation = 1, At = At, WorkloadUid = Pods.WorkloadUid, HostKey = Pods.HostKey },
    };

    public static InstanceContext Context(WorkspaceRecord record) => new()
    {
        Container = "workspace",
        IsOurs = pod => PodOwnership.IsOf(pod, record, Pods.Ns),
        Workload = new WorkloadReference("StatefulSet", "ws-k7f3q2m", Pods.WorkloadUid),
        SshPort = 2222,
        HostKey = Pods.HostKey,
        LoginUser = "alice",
    };
}
