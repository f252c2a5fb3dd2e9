using System.Diagnostics;
using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Commanding;

/// <summary>
/// Takes a command into the record and wakes the reconcile loop. That is all a consumer does before it acknowledges: from then on the
/// record remembers, and the broker need not.
/// </summary>
public sealed class CommandHandler(RecordStore records, WorkQueue queue, Tombstones tombstones)
{
    /// <summary>Writes what the command wants. An exception means that the message must be delivered again.</summary>
    public async Task HandleAsync(IWorkspaceCommand command, CancellationToken cancellation)
    {
        while (true)
        {
            var record = await records.GetAsync(command.WorkspaceId, cancellation).ConfigureAwait(false);
            if (record is null && command is not WorkspaceDeletionRequested && tombstones.Covers(command))
            {
                return; // a late duplicate: the workspace has been deleted since
            }

            var changed = RecordTransitions.Apply(record, command, Activity.Current?.Id);
            try
            {
                if (!ReferenceEquals(changed, record))
                {
                    await SaveAsync(changed, cancellation).ConfigureAwait(false);
                }

                queue.Add(command.WorkspaceId);
                return;
            }
            catch (RecordConflictException)
            {
                // The reconcile loop was faster. Read what it wrote and apply the command to that.
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task SaveAsync(WorkspaceRecord record, CancellationToken cancellation)
    {
        try
        {
            await records.SaveAsync(record, cancellation).ConfigureAwait(false);
        }
        catch (RecordTooLargeException e)
        {
            // It will never fit. Keep what is needed to say so, and to delete it later.
            var small = (record with { Request = null }).Fail(FailureReason.Unsupported, e.Message, record.DesiredAt);
            await records.SaveAsync(small, cancellation).ConfigureAwait(false);
        }
    }
}
