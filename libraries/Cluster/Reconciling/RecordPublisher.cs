using System.Diagnostics;
using Workspaces.Cluster.Records;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Cluster.Reconciling;

/// <summary>
/// Publishes what a record has pending, in order, and notes that it was confirmed. A crash in between publishes the same events, with
/// the same ids, again.
/// </summary>
public sealed class RecordPublisher(IEventPublisher publisher, RecordStore records)
{
    /// <summary>Publishes everything; throws while the broker does not take it.</summary>
    public async Task<WorkspaceRecord> PublishAsync(WorkspaceRecord record, CancellationToken cancellation)
    {
        if (record.Pending.Count == 0)
        {
            return record;
        }

        using var activity = ClusterMetrics.Source.StartActivity("publish workspace events", ActivityKind.Internal, record.TraceParent);
        activity?.SetTag("workspace.id", record.WorkspaceId);
        foreach (var pending in record.Pending)
        {
            await publisher.PublishAsync(pending.Read(), cancellation).ConfigureAwait(false);
        }

        return await records.SaveAsync(record with { Pending = [] }, cancellation).ConfigureAwait(false);
    }
}
