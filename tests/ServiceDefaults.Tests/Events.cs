using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.ServiceDefaults.Tests;

/// <summary>Events to publish.</summary>
internal static class Events
{
    public static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static WorkspaceReady Ready(string workspace = "abc", Guid? id = null) => new()
    {
        EventId = id ?? Guid.NewGuid(),
        OccurredAt = Time,
        WorkspaceId = workspace,
        Generation = 1,
        ReplicasReady = 1,
        ReplicasWanted = 1,
    };

    public static WorkspaceRequested Requested(WorkspaceModel model, string workspace = "abc") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = Time,
        WorkspaceId = workspace,
        Generation = 1,
        Model = model,
        Name = "dev",
        Owner = new WorkspaceOwner { Name = "alice", Uid = 1000, Gid = 1000 },
        RequestedBy = "alice",
        Blueprint = new Blueprint { Name = "dev", Image = "debian:13" },
    };

    public static InstanceUp Up(string workspace = "abc") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = Time,
        WorkspaceId = workspace,
        Generation = 1,
        InstanceId = Guid.NewGuid(),
        Pod = new PodReference("workspaces", "ws-abc-0", "uid", "10.0.0.1", "n1"),
        Workload = new WorkloadReference("StatefulSet", "ws-abc", "uid"),
        Replica = "0",
        SshPort = 2222,
        HostKey = "ssh-ed25519 AAAA",
    };

    public static WorkspaceActivity Activity(string workspace = "abc") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = Time,
        WorkspaceId = workspace,
        OpenSessions = 1,
        LastTrafficAt = Time,
    };
}
