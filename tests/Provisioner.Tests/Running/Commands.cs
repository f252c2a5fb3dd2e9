using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Provisioner.Tests.Running;

/// <summary>Commands as Requests publishes them.</summary>
internal static class Commands
{
    public static Blueprint Minimal { get; } = new() { Name = "base", Image = "workspaces/workspace" };

    public static WorkspaceRequested Request(string id, Blueprint? blueprint = null, string? name = null, long generation = 1) => new()
    {
        EventId = EventId.For<WorkspaceRequested>(id, generation),
        OccurredAt = DateTimeOffset.UtcNow,
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Standalone,
        Name = name ?? $"alice-{id}",
        Owner = new WorkspaceOwner { Name = "alice", Uid = 1042, Gid = 1042 },
        RequestedBy = "alice",
        Blueprint = blueprint ?? Minimal,
    };

    public static WorkspaceStopRequested Stop(string id, long generation) => new()
    {
        EventId = EventId.For<WorkspaceStopRequested>(id, generation),
        OccurredAt = DateTimeOffset.UtcNow,
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Standalone,
        RequestedBy = "alice",
        Reason = ChangeReason.User,
    };

    public static WorkspaceStartRequested Start(string id, long generation) => new()
    {
        EventId = EventId.For<WorkspaceStartRequested>(id, generation),
        OccurredAt = DateTimeOffset.UtcNow,
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Standalone,
        RequestedBy = "alice",
        Reason = ChangeReason.User,
    };

    public static WorkspaceDeletionRequested Delete(string id, long generation) => new()
    {
        EventId = EventId.For<WorkspaceDeletionRequested>(id, generation),
        OccurredAt = DateTimeOffset.UtcNow,
        WorkspaceId = id,
        Generation = generation,
        Model = WorkspaceModel.Standalone,
        RequestedBy = "alice",
        Reason = ChangeReason.User,
    };
}
