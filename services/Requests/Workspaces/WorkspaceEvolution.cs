using Workspaces.Contracts;

namespace Workspaces.Requests.Workspaces;

/// <summary>State after an event. Pure: what the deciders let into a stream is applied here without further questions.</summary>
public static class WorkspaceEvolution
{
    /// <summary>Tombstones kept; an InstanceUp that is later than this many InstanceDowns of its workspace is not expected.</summary>
    private const int MaxGone = 500;

    /// <summary>Applies one event; the first is always the request.</summary>
    public static Workspace? Apply(Workspace? before, object happened) => (before, happened) switch
    {
        (_, WorkspaceRequested requested) => Requested(requested),
        (null, _) => null,
        (_, WorkspaceStartRequested start) => Changed(before, DesiredState.Running, start.Generation, WorkspaceState.Starting, start.Reason),
        (_, WorkspaceStopRequested stop) => Changed(before, DesiredState.Stopped, stop.Generation, WorkspaceState.Stopping, stop.Reason),
        (_, WorkspaceDeletionRequested deletion) => Changed(before, DesiredState.Deleted, deletion.Generation, WorkspaceState.Deleting, deletion.Reason),
        (_, WorkspaceExtended extended) => before with { ExpiresAt = extended.ExpiresAt },
        (_, WorkspaceProgressed progressed) => before with
        {
            State = WorkspaceState.Starting,
            Stage = progressed.Stage,
            StageAt = progressed.OccurredAt,
            Message = progressed.Message,
        },
        (_, WorkspaceReady ready) => before with { State = WorkspaceState.Ready, ReadyAt = ready.OccurredAt, Stage = null, Message = Replicas(ready) },
        (_, WorkspaceFailed failed) => before with
        {
            State = WorkspaceState.Failed,
            Stage = null,
            Failure = failed.Reason,
            Message = failed.Message,
        },
        (_, WorkspaceStopped stopped) => TornDown(before, stopped.Generation) with { State = WorkspaceState.Stopped },
        (_, WorkspaceDeleted deleted) => TornDown(before, deleted.Generation) with { DeletedAt = deleted.OccurredAt },
        (_, InstanceUp up) => before with { Instances = [.. before.Instances, up] },
        (_, InstanceDown down) => Without(before, [down.InstanceId]),
        _ => before,
    };

    private static Workspace Requested(WorkspaceRequested requested) => new()
    {
        Id = requested.WorkspaceId,
        Name = requested.Name,
        Owner = requested.Owner,
        Blueprint = requested.Blueprint,
        Model = requested.Model,
        Target = requested.Target,
        CreatedAt = requested.OccurredAt,
        ExpiresAt = requested.ExpiresAt,
        Generation = requested.Generation,
        Desired = DesiredState.Running,
        State = WorkspaceState.Requested,
    };

    private static Workspace Changed(Workspace before, DesiredState desired, long generation, WorkspaceState state, ChangeReason reason) => before with
    {
        Desired = desired,
        Generation = generation,
        State = state,
        Change = reason,
        Stage = null,
        StageAt = null,
        ReadyAt = null,
        Failure = null,
        Message = null,
    };

    private static Workspace TornDown(Workspace before, long generation) =>
        Without(before, [.. before.Instances.Where(up => up.Generation <= generation).Select(up => up.InstanceId)]) with { TornDown = generation };

    private static Workspace Without(Workspace before, IReadOnlyCollection<Guid> gone) => before with
    {
        Instances = [.. before.Instances.Where(up => !gone.Contains(up.InstanceId))],
        Gone = [.. before.Gone.Concat(gone).TakeLast(MaxGone)],
    };

    private static string? Replicas(WorkspaceReady ready)
    {
        var replicas = ready.ReplicasWanted > 1 ? $"{ready.ReplicasReady} of {ready.ReplicasWanted} replicas are ready." : null;
        return replicas is null || ready.Message is null ? replicas ?? ready.Message : $"{replicas} {ready.Message}";
    }
}
