using Workspaces.Contracts;

namespace Workspaces.Cluster.Records;

/// <summary>Adds events to a record: pure functions, so that what was decided and what will be published are one value.</summary>
public static class RecordEvents
{
    /// <summary>
    /// The record with one more event to publish. <paramref name="make"/> gets the time of the event: <paramref name="fact"/>, but
    /// not before the event before it.
    /// </summary>
    public static WorkspaceRecord With(
        this WorkspaceRecord record, DateTimeOffset fact, Func<DateTimeOffset, IWorkspaceScopedEvent> make)
    {
        var at = fact > record.LastEventAt ? fact : record.LastEventAt;
        return record with { LastEventAt = at, Pending = [.. record.Pending, PendingEvent.Of(make(at))] };
    }

    /// <summary>Reports a stage, unless this generation has already been as far.</summary>
    public static WorkspaceRecord Progress(this WorkspaceRecord record, WorkspaceStage stage, string message, DateTimeOffset fact)
    {
        if (record.Outcome.Stage >= stage)
        {
            return record;
        }

        return (record with { Outcome = record.Outcome with { Stage = stage } }).With(fact, at => new WorkspaceProgressed
        {
            EventId = EventId.For<WorkspaceProgressed>(record.WorkspaceId, record.Generation, stage.ToString()),
            OccurredAt = at,
            WorkspaceId = record.WorkspaceId,
            Generation = record.Generation,
            Stage = stage,
            Message = Sentence.Clean(message),
        });
    }

    /// <summary>Reports that the first instance of this generation is usable.</summary>
    public static WorkspaceRecord Ready(this WorkspaceRecord record, int ready, int wanted, DateTimeOffset fact, string? message = null) =>
        (record with { Trouble = null, Outcome = record.Outcome with { State = OutcomeState.Ready } }).With(fact, at => new WorkspaceReady
        {
            EventId = EventId.For<WorkspaceReady>(record.WorkspaceId, record.Generation),
            OccurredAt = at,
            WorkspaceId = record.WorkspaceId,
            Generation = record.Generation,
            ReplicasReady = ready,
            ReplicasWanted = wanted,
            Message = message is null ? null : Sentence.Clean(message),
        });

    /// <summary>Decides that this generation has failed. Nothing is reported yet: first what was applied is taken back.</summary>
    public static WorkspaceRecord Fail(this WorkspaceRecord record, FailureReason reason, string message, DateTimeOffset fact) =>
        record with
        {
            Trouble = null,
            Outcome = record.Outcome with
            {
                State = OutcomeState.Failing,
                Reason = reason,
                Message = Sentence.Clean(message),
                FailedAt = fact,
            },
        };

    /// <summary>Reports the failure, after everything has been taken back.</summary>
    public static WorkspaceRecord Failed(this WorkspaceRecord record) =>
        (record with { Outcome = record.Outcome with { State = OutcomeState.Failed } }).With(
            record.Outcome.FailedAt ?? record.DesiredAt,
            at => new WorkspaceFailed
            {
                EventId = EventId.For<WorkspaceFailed>(record.WorkspaceId, record.Generation),
                OccurredAt = at,
                WorkspaceId = record.WorkspaceId,
                Generation = record.Generation,
                Reason = record.Outcome.Reason ?? FailureReason.Start,
                Message = record.Outcome.Message ?? "The workspace failed.",
            });

    /// <summary>Reports that only storage is left.</summary>
    public static WorkspaceRecord Stopped(this WorkspaceRecord record, DateTimeOffset fact) =>
        (record with { Outcome = record.Outcome with { State = OutcomeState.Stopped } }).With(fact, at => new WorkspaceStopped
        {
            EventId = EventId.For<WorkspaceStopped>(record.WorkspaceId, record.Generation),
            OccurredAt = at,
            WorkspaceId = record.WorkspaceId,
            Generation = record.Generation,
        });

    /// <summary>Reports that nothing is left but what is retained.</summary>
    public static WorkspaceRecord Deleted(this WorkspaceRecord record, DateTimeOffset fact) =>
        (record with { Outcome = record.Outcome with { State = OutcomeState.Deleted } }).With(fact, at => new WorkspaceDeleted
        {
            EventId = EventId.For<WorkspaceDeleted>(record.WorkspaceId, record.Generation),
            OccurredAt = at,
            WorkspaceId = record.WorkspaceId,
            Generation = record.Generation,
        });
}
