using Workspaces.Contracts;

namespace Workspaces.Cluster.Records;

/// <summary>What a command does to a record: pure, so that duplicates and reordered arrival can be tested by value.</summary>
public static class RecordTransitions
{
    /// <summary>
    /// The record after <paramref name="command"/>, or the same instance where the command is a duplicate or older than what is
    /// already wanted. A stop, start or deletion of an unknown workspace makes a record without a request, so that it is answered
    /// by the same reconcile loop as everything else.
    /// </summary>
    public static WorkspaceRecord Apply(WorkspaceRecord? record, IWorkspaceCommand command, string? traceParent)
    {
        if (record is not null && command.Generation <= record.Generation)
        {
            return LateRequest(record, command);
        }

        var fresh = record ?? new WorkspaceRecord
        {
            WorkspaceId = command.WorkspaceId,
            Model = command.Model,
            Generation = command.Generation,
            Desired = DesiredState.Running,
            DesiredAt = command.OccurredAt,
        };
        return fresh with
        {
            Generation = command.Generation,
            Desired = Wanted(command),
            DesiredAt = command.OccurredAt,
            Request = command is WorkspaceRequested requested ? RequestOf(requested) : fresh.Request,
            Outcome = new Outcome(),
            Trouble = null,
            LastEventAt = command.OccurredAt > fresh.LastEventAt ? command.OccurredAt : fresh.LastEventAt, // what follows comes after it
            TraceParent = traceParent,
        };
    }

    /// <summary>
    /// A request that arrives after the stop or start that followed it still brings what a worker needs to know. After a deletion it
    /// brings nothing.
    /// </summary>
    private static WorkspaceRecord LateRequest(WorkspaceRecord record, IWorkspaceCommand command) =>
        command is WorkspaceRequested late && record.Request is null && record.Desired != DesiredState.Deleted
            && command.Generation < record.Generation
            ? record with { Request = RequestOf(late) }
            : record;

    private static DesiredState Wanted(IWorkspaceCommand command) => command switch
    {
        WorkspaceRequested or WorkspaceStartRequested => DesiredState.Running,
        WorkspaceStopRequested => DesiredState.Stopped,
        WorkspaceDeletionRequested => DesiredState.Deleted,
        _ => throw new ArgumentException($"{command.GetType().Name} is not a command that a worker knows.", nameof(command)),
    };

    private static WorkspaceRequest RequestOf(WorkspaceRequested requested) => new()
    {
        Name = requested.Name,
        Owner = requested.Owner,
        Blueprint = requested.Blueprint,
        Target = requested.Target,
    };
}
