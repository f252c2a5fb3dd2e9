using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.Requests.Workspaces;
using EventId = Workspaces.Contracts.EventId;

namespace Workspaces.Requests.Tests.Workspaces;

/// <summary>Makes events, and states out of events.</summary>
internal static class TestWorkspaces
{
    public const string Id = "k7f3q2mabc";

    public static readonly DateTimeOffset Start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public static WorkspaceRequested Requested(string? maxTtl = null, string? idleStop = null, string id = Id) => WorkspaceDecider.Request(
        new NewWorkspace
        {
            Id = id,
            Name = "payments-debug",
            Owner = new WorkspaceOwner { Name = "alice", Uid = 1501, Gid = 1500 },
            RequestedBy = "alice",
            Blueprint = new Blueprint { Name = "dev", Image = "a", Lifetime = new BlueprintLifetime { MaxTtl = maxTtl, IdleStop = idleStop } },
            ExpiresAt = Start + TimeSpan.FromHours(4),
        },
        Start);

    /// <summary>State after the request and these events, each applied only where the deciders would let it in.</summary>
    public static Workspace After(params object[] happened) => happened.Aggregate(
        WorkspaceEvolution.Apply(null, Requested())!,
        (workspace, next) => next is IWorkspaceScopedEvent and not IWorkspaceCommand && !FactDecider.IsNews(workspace, (IWorkspaceScopedEvent)next)
            ? workspace
            : WorkspaceEvolution.Apply(workspace, next)!);

    /// <summary>State after a command.</summary>
    public static Workspace Then(this Workspace workspace, Decision decision) =>
        decision.Events.Aggregate(workspace, (state, happened) => WorkspaceEvolution.Apply(state, happened)!);

    public static WorkspaceProgressed Progressed(WorkspaceStage stage, int second, long generation = 1) => new()
    {
        EventId = EventId.For<WorkspaceProgressed>(Id, generation, stage.ToString()),
        OccurredAt = Start.AddSeconds(second),
        WorkspaceId = Id,
        Generation = generation,
        Stage = stage,
        Message = $"It is {stage}.",
    };

    public static WorkspaceReady Ready(long generation = 1, string id = Id) => new()
    {
        EventId = EventId.For<WorkspaceReady>(id, generation),
        OccurredAt = Start.AddSeconds(10),
        WorkspaceId = id,
        Generation = generation,
        ReplicasReady = 1,
        ReplicasWanted = 1,
    };

    public static WorkspaceFailed Failed(long generation = 1) => new()
    {
        EventId = EventId.For<WorkspaceFailed>(Id, generation),
        OccurredAt = Start.AddSeconds(20),
        WorkspaceId = Id,
        Generation = generation,
        Reason = FailureReason.ImagePull,
        Message = "The image cannot be pulled.",
    };

    public static WorkspaceStopped Stopped(long generation) => new()
    {
        EventId = EventId.For<WorkspaceStopped>(Id, generation),
        OccurredAt = Start.AddSeconds(30),
        WorkspaceId = Id,
        Generation = generation,
    };

    public static WorkspaceDeleted Deleted(long generation, string id = Id) => new()
    {
        EventId = EventId.For<WorkspaceDeleted>(id, generation),
        OccurredAt = Start.AddSeconds(40),
        WorkspaceId = id,
        Generation = generation,
    };

    public static InstanceUp Up(int number, long generation = 1, string id = Id) => new()
    {
        EventId = EventId.For<InstanceUp>(id, generation, number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        OccurredAt = Start.AddSeconds(number),
        WorkspaceId = id,
        Generation = generation,
        InstanceId = Instance(number),
        Pod = new PodReference("workspaces", $"ws-{id}-{number}", $"uid-{number}", "10.0.0.1", "n1"),
        Workload = new WorkloadReference("StatefulSet", $"ws-{id}", "uid"),
        Replica = number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        SshPort = 2222,
        HostKey = "ssh-ed25519 AAAA",
        LoginUser = "alice",
    };

    public static InstanceDown Down(int number, long generation = 1) => new()
    {
        EventId = EventId.For<InstanceDown>(Id, generation, number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        OccurredAt = Start.AddSeconds(60 + number),
        WorkspaceId = Id,
        Generation = generation,
        InstanceId = Instance(number),
        Reason = InstanceDownReason.Terminating,
    };

    public static Guid Instance(int number) => InstanceId.For(Id, "uid", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
