using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.Proxy.Routing;
using Workspaces.ServiceDefaults.Directory;
using EventId = Workspaces.Contracts.EventId;

namespace Workspaces.Proxy.Tests;

/// <summary>Events and snapshots with just what a test cares about; times are minutes after an arbitrary hour.</summary>
internal static class Facts
{
    public static DateTimeOffset Time(int minute) => new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero).AddMinutes(minute);

    public static Guid InstanceId(char name) => Contracts.InstanceId.For("w", "pod", name.ToString());

    public static WorkspaceRequested Requested(string id, string name, string owner, int at = 1, long generation = 1) => new()
    {
        EventId = EventId.For<WorkspaceRequested>(id, generation),
        OccurredAt = Time(at),
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Standalone,
        Name = name,
        Owner = new WorkspaceOwner { Name = owner, Uid = 1000, Gid = 1000 },
        RequestedBy = owner,
        Blueprint = new Blueprint { Name = "dev" },
    };

    public static WorkspaceStatus Status(long generation, WorkspaceState state, int at) => new(generation, state, Time(at));

    public static InstanceUp Up(string workspaceId, char name, long generation = 1, string? pod = null, int at = 2, string? replica = null) =>
        Up(workspaceId, InstanceId(name), pod ?? $"pod-{name}", generation, at, replica);

    public static InstanceUp Up(string workspaceId, Guid id, string pod, long generation = 1, int at = 2, string? replica = null) => new()
    {
        EventId = EventId.For<InstanceUp>(workspaceId, generation, id.ToString()),
        OccurredAt = Time(at),
        WorkspaceId = workspaceId,
        Generation = generation,
        InstanceId = id,
        Pod = new PodReference("workspaces", pod, "uid-of-" + pod, "127.0.0.1", "node-1"),
        Workload = new WorkloadReference("StatefulSet", "ws-" + workspaceId, "uid"),
        Replica = replica ?? pod.Split('-')[^1],
        SshPort = 2222,
        HostKey = "ssh-ed25519 AAAA",
    };

    public static InstanceDown Down(string workspaceId, char name) => new()
    {
        EventId = EventId.For<InstanceDown>(workspaceId, 1, name.ToString()),
        OccurredAt = Time(3),
        WorkspaceId = workspaceId,
        Generation = 1,
        InstanceId = InstanceId(name),
        Reason = InstanceDownReason.Terminating,
    };

    public static WorkspaceDeleted Deleted(string workspaceId) => new()
    {
        EventId = EventId.For<WorkspaceDeleted>(workspaceId, 2),
        OccurredAt = Time(3),
        WorkspaceId = workspaceId,
        Generation = 2,
    };

    public static UserKeysChanged Keys(string user, long version, params string[] keys) => new()
    {
        EventId = EventId.For<UserKeysChanged>($"{user}/{version}"),
        OccurredAt = Time((int)version),
        User = user,
        Version = version,
        Keys = keys,
    };

    public static DirectoryWorkspace Known(string id, string name, string owner, long generation, WorkspaceState state) =>
        new(id, name, owner, "dev", WorkspaceModel.Standalone, generation, state);

    public static DirectorySnapshot Snapshot(params object[] items) => new()
    {
        Users = [.. items.OfType<DirectoryUser>()],
        Workspaces = [.. items.OfType<DirectoryWorkspace>()],
        Instances = [.. items.OfType<InstanceUp>()],
    };
}
