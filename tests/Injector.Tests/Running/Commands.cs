using System.Text.Json.Nodes;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Injector.Tests.Running;

/// <summary>Commands as Requests publishes them.</summary>
internal static class Commands
{
    public static Blueprint Minimal { get; } = new()
    {
        Name = "base",
        Image = "workspaces/workspace",
        Resources = new BlueprintResources { Limits = new Dictionary<string, string> { ["memory"] = "1Gi" } },
    };

    /// <summary>Minimal, with SYS_PTRACE.</summary>
    public static Blueprint Debug { get; } = Minimal with
    {
        Name = "debug",
        SecurityContext = JsonNode.Parse("""{"capabilities":{"add":["SYS_PTRACE"]}}""")!.AsObject(),
    };

    public static WorkspaceTarget Target(this Demo demo, InjectionMode mode = InjectionMode.Rollout) =>
        new() { Kind = demo.Kind, Namespace = demo.Namespace, Name = demo.Name, Mode = mode };

    public static WorkspaceRequested Request(string id, WorkspaceTarget target, Blueprint? blueprint = null, string owner = "alice") => new()
    {
        EventId = EventId.For<WorkspaceRequested>(id, 1),
        OccurredAt = DateTimeOffset.UtcNow,
        WorkspaceId = id,
        Generation = 1,
        Model = WorkspaceModel.Injection,
        Name = $"{owner}-{id}",
        Owner = new WorkspaceOwner { Name = owner, Uid = 1042, Gid = 1042 },
        RequestedBy = owner,
        Blueprint = blueprint ?? Minimal,
        Target = target,
    };

    public static WorkspaceStopRequested Stop(string id, long generation) => new()
    {
        EventId = EventId.For<WorkspaceStopRequested>(id, generation),
        OccurredAt = DateTimeOffset.UtcNow,
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Injection,
        RequestedBy = "alice",
        Reason = ChangeReason.User,
    };

    public static WorkspaceStartRequested Start(string id, long generation) => new()
    {
        EventId = EventId.For<WorkspaceStartRequested>(id, generation),
        OccurredAt = DateTimeOffset.UtcNow,
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Injection,
        RequestedBy = "alice",
        Reason = ChangeReason.User,
    };

    public static WorkspaceDeletionRequested Delete(string id, long generation) => new()
    {
        EventId = EventId.For<WorkspaceDeletionRequested>(id, generation),
        OccurredAt = DateTimeOffset.UtcNow,
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Injection,
        RequestedBy = "alice",
        Reason = ChangeReason.User,
    };
}
