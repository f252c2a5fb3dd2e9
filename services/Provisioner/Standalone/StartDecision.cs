using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;

namespace Workspaces.Provisioner.Standalone;

/// <summary>
/// Decides about a workspace that is coming up: report a step, wait, or give up. Pure: time is passed in, and since when a trouble lasts
/// stands in the record.
/// </summary>
internal static class StartDecision
{
    /// <summary>The record after the decision, and when to look again if nothing happens until then.</summary>
    public static (WorkspaceRecord Record, TimeSpan Wait) Decide(
        WorkspaceRecord record, StartStep? step, PodTrouble? trouble, DateTimeOffset now, ReconcileOptions options)
    {
        if (step is not null)
        {
            record = record.Progress(step.Stage, step.Message, step.At ?? now);
        }

        var deadline = (record.Applied?.At ?? now) + options.StartWithin;
        if (trouble is { Patience: Patience.None } || (trouble is not null && now >= deadline))
        {
            return (record.Fail(trouble.Reason, trouble.Message, now), TimeSpan.Zero);
        }

        if (now >= deadline)
        {
            return (record.Fail(FailureReason.Timeout, TimeoutMessage(record, options), now), TimeSpan.Zero);
        }

        return trouble is { Patience: Patience.Short }
            ? WaitOut(record, trouble, now, deadline, options)
            : (record.Trouble is null ? record : record with { Trouble = null }, deadline - now);
    }

    private static (WorkspaceRecord Record, TimeSpan Wait) WaitOut(
        WorkspaceRecord record, PodTrouble trouble, DateTimeOffset now, DateTimeOffset deadline, ReconcileOptions options)
    {
        if (record.Trouble?.Reason != trouble.Reason)
        {
            record = record with { Trouble = new Trouble(trouble.Reason, now) };
        }

        var until = record.Trouble!.Since + options.TroubleMayLast;
        return now >= until
            ? (record.Fail(trouble.Reason, trouble.Message, now), TimeSpan.Zero)
            : (record, (until < deadline ? until : deadline) - now);
    }

    private static string TimeoutMessage(WorkspaceRecord record, ReconcileOptions options)
    {
        var stage = record.Outcome.Stage switch
        {
            WorkspaceStage.Pulling => "its image was still being fetched",
            WorkspaceStage.Initializing => "it was still being prepared",
            WorkspaceStage.Starting => "its SSH server did not answer",
            _ => "no node had taken it",
        };
        return $"The workspace was not ready within {options.StartWithin:g}: {stage}.";
    }
}
