using Workspaces.Contracts;
using EventId = Workspaces.Contracts.EventId;

namespace Workspaces.Requests.Workspaces;

/// <summary>
/// Decides what happens to a workspace. Pure: command, state, time and ids come in, events or a refusal go out. The events of
/// commands are the messages that workers get, so their ids are made here, once.
/// </summary>
public static class WorkspaceDecider
{
    /// <summary>Somebody asks for a workspace that does not exist yet.</summary>
    public static WorkspaceRequested Request(NewWorkspace command, DateTimeOffset now) => new()
    {
        EventId = EventId.For<WorkspaceRequested>(command.Id, 1),
        OccurredAt = now,
        WorkspaceId = command.Id,
        Generation = 1,
        Model = command.Target is null ? WorkspaceModel.Standalone : WorkspaceModel.Injection,
        Name = command.Name,
        Owner = command.Owner,
        RequestedBy = command.RequestedBy,
        Blueprint = command.Blueprint,
        Target = command.Target,
        ExpiresAt = command.ExpiresAt,
    };

    /// <summary>It shall run. Starting one that is not stopped or failed changes nothing.</summary>
    public static Decision Start(Workspace workspace, string requestedBy, DateTimeOffset now)
    {
        if (workspace.Desired is DesiredState.Deleted)
        {
            return Decision.Refuse(workspace.IsDeleted ? WorkspaceRefusal.Deleted : WorkspaceRefusal.Deleting);
        }

        if (workspace.Desired is DesiredState.Running && workspace.State is not WorkspaceState.Failed)
        {
            return Decision.Nothing;
        }

        var generation = workspace.Generation + 1;
        return Decision.Append(new WorkspaceStartRequested
        {
            EventId = EventId.For<WorkspaceStartRequested>(workspace.Id, generation),
            OccurredAt = now,
            WorkspaceId = workspace.Id,
            Generation = generation,
            Model = workspace.Model,
            RequestedBy = requestedBy,
            Reason = ChangeReason.User,
        });
    }

    /// <summary>It shall stop. Stopping one that is stopping or stopped changes nothing.</summary>
    public static Decision Stop(Workspace workspace, string requestedBy, ChangeReason reason, DateTimeOffset now)
    {
        if (workspace.Desired is DesiredState.Deleted)
        {
            return Decision.Refuse(workspace.IsDeleted ? WorkspaceRefusal.Deleted : WorkspaceRefusal.Deleting);
        }

        if (workspace.State is WorkspaceState.Failed)
        {
            return Decision.Refuse(WorkspaceRefusal.Failed);
        }

        if (workspace.Desired is DesiredState.Stopped)
        {
            return Decision.Nothing;
        }

        var generation = workspace.Generation + 1;
        return Decision.Append(new WorkspaceStopRequested
        {
            EventId = EventId.For<WorkspaceStopRequested>(workspace.Id, generation),
            OccurredAt = now,
            WorkspaceId = workspace.Id,
            Generation = generation,
            Model = workspace.Model,
            RequestedBy = requestedBy,
            Reason = reason,
        });
    }

    /// <summary>It shall be gone. Deleting one that is being deleted, or is gone, changes nothing; a deletion that failed is asked for again.</summary>
    public static Decision Delete(Workspace workspace, string requestedBy, ChangeReason reason, DateTimeOffset now)
    {
        if (workspace.Desired is DesiredState.Deleted && (workspace.IsDeleted || workspace.State is not WorkspaceState.Failed))
        {
            return Decision.Nothing;
        }

        var generation = workspace.Generation + 1;
        return Decision.Append(new WorkspaceDeletionRequested
        {
            EventId = EventId.For<WorkspaceDeletionRequested>(workspace.Id, generation),
            OccurredAt = now,
            WorkspaceId = workspace.Id,
            Generation = generation,
            Model = workspace.Model,
            RequestedBy = requestedBy,
            Reason = reason,
        });
    }

    /// <summary>It shall live until <paramref name="expiresAt"/>, which may be sooner than now planned, at most <paramref name="latest"/>.</summary>
    public static Decision Extend(Workspace workspace, string requestedBy, DateTimeOffset expiresAt, DateTimeOffset? latest, DateTimeOffset now) =>
        workspace.Desired is DesiredState.Deleted
            ? Decision.Refuse(workspace.IsDeleted ? WorkspaceRefusal.Deleted : WorkspaceRefusal.Deleting)
        : expiresAt > latest ? Decision.Refuse(WorkspaceRefusal.BeyondMaximum)
        : expiresAt == workspace.ExpiresAt ? Decision.Nothing
        : Decision.Append(new WorkspaceExtended { OccurredAt = now, RequestedBy = requestedBy, ExpiresAt = expiresAt });
}
