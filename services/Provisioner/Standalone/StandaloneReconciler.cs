using Microsoft.Extensions.Options;
using Workspaces.Cluster.Applying;
using Workspaces.Cluster.Commanding;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;

namespace Workspaces.Provisioner.Standalone;

/// <summary>
/// Brings one standalone workspace to what its record wants. Each pass takes one step, stores what it led to together with the events
/// that tell of it, publishes them, and begins again from the record, until there is nothing to do:
/// (1) publish what is pending; a deleted workspace's record goes then;
/// (2) report instances that went down;
/// (3) remove, stop or run, as the record wants.
/// </summary>
internal sealed class StandaloneReconciler(
    RecordStore records,
    RecordPublisher publisher,
    IPodView pods,
    StandaloneApplier applier,
    StandaloneStart start,
    Tombstones tombstones,
    IOptions<ClusterOptions> cluster,
    TimeProvider time) : IWorkspaceReconciler
{
    /// <summary>The watch tells when pods go; this is for objects that are not watched.</summary>
    private static readonly TimeSpan RemovalPoll = TimeSpan.FromSeconds(1);

    private readonly string _namespace = cluster.Value.Namespace;

    public async Task<ReconcileResult> ReconcileAsync(string workspaceId, CancellationToken cancellation)
    {
        var record = await records.GetAsync(workspaceId, cancellation);
        while (record is not null)
        {
            // 1. Publish
            record = await publisher.PublishAsync(record, cancellation);
            if (record.Outcome.State == OutcomeState.Deleted)
            {
                tombstones.Add(workspaceId, record.Generation);
                await records.DeleteAsync(record, cancellation);
                break;
            }

            // 2. and 3.
            var seen = pods.Of(workspaceId);
            var step = await StepAsync(record, seen, cancellation);
            if (ReferenceEquals(step.Record, record))
            {
                pods.Forget(seen);
                return step.Result;
            }

            record = await records.SaveAsync(step.Record, cancellation);
        }

        pods.Forget(pods.Of(workspaceId));
        return ReconcileResult.Settled;
    }

    private async Task<Step> StepAsync(WorkspaceRecord record, IReadOnlyList<SeenPod> seen, CancellationToken cancellation)
    {
        var tracked = InstanceTracker.TrackDown(record, seen, ObjectNames.WorkspaceContainer, time.GetUtcNow());
        if (!ReferenceEquals(tracked, record))
        {
            return new Step(tracked); // told at once, whatever the cluster says to the next calls
        }

        return (record.Desired, record.Outcome.State) switch
        {
            (DesiredState.Deleted, _) => await RemoveAsync(record, cancellation),
            (_, OutcomeState.Failing) => await TakeBackAsync(record, cancellation),
            (_, OutcomeState.Failed or OutcomeState.Stopped) => new Step(record),
            (DesiredState.Stopped, _) => await StopAsync(record, cancellation),
            _ => await start.StepAsync(record, seen, cancellation),
        };
    }

    private async Task<Step> RemoveAsync(WorkspaceRecord record, CancellationToken cancellation) =>
        await applier.RemoveAsync(_namespace, record.WorkspaceId, cancellation)
            ? new Step(InstanceTracker.AllDown(record, InstanceDownReason.Terminating, time.GetUtcNow()).Deleted(time.GetUtcNow()))
            : new Step(record, RemovalPoll);

    private async Task<Step> StopAsync(WorkspaceRecord record, CancellationToken cancellation)
    {
        await applier.ScaleDownAsync(_namespace, record.WorkspaceId, cancellation);
        return await applier.HasPodsAsync(_namespace, record.WorkspaceId, cancellation)
            ? new Step(record, RemovalPoll)
            : new Step(InstanceTracker.AllDown(record, InstanceDownReason.Terminating, time.GetUtcNow()).Stopped(time.GetUtcNow()));
    }

    /// <summary>What failed must not go on trying, nor hold resources. Volumes stay; so do the objects, for whoever wants to know why.</summary>
    private async Task<Step> TakeBackAsync(WorkspaceRecord record, CancellationToken cancellation)
    {
        await applier.ScaleDownAsync(_namespace, record.WorkspaceId, cancellation);
        return new Step(record.Failed());
    }
}
