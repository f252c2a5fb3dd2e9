using Workspaces.Cluster.Commanding;
using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;

namespace Workspaces.Injector.Injecting;

/// <summary>
/// Answers the commands for injected workspaces. Injecting is not offered yet: a request fails with that reason and touches nothing,
/// and because nothing was ever applied, stopping and deleting are done as soon as they are asked for.
/// </summary>
internal sealed class InjectionReconciler(
    RecordStore records, RecordPublisher publisher, IPodView pods, Tombstones tombstones, TimeProvider time) : IWorkspaceReconciler
{
    private const string NotOffered =
        "Workspaces inside running workloads are not offered by this version. Leave the target out to get a workspace of its own.";

    public async Task<ReconcileResult> ReconcileAsync(string workspaceId, CancellationToken cancellation)
    {
        var record = await records.GetAsync(workspaceId, cancellation);
        while (record is not null)
        {
            record = await publisher.PublishAsync(record, cancellation);
            if (record.Outcome.State == OutcomeState.Deleted)
            {
                tombstones.Add(workspaceId, record.Generation);
                await records.DeleteAsync(record, cancellation);
                break;
            }

            var next = Decide(record, time.GetUtcNow());
            if (ReferenceEquals(next, record))
            {
                break;
            }

            record = await records.SaveAsync(next, cancellation);
        }

        pods.Forget(pods.Of(workspaceId));
        return ReconcileResult.Settled;
    }

    /// <summary>The record after the next step; the same one when the workspace is settled.</summary>
    internal static WorkspaceRecord Decide(WorkspaceRecord record, DateTimeOffset now) => (record.Desired, record.Outcome.State) switch
    {
        (DesiredState.Deleted, _) => record.Deleted(now),
        (_, OutcomeState.Failing) => record.Failed(),
        (_, OutcomeState.Failed or OutcomeState.Stopped) => record,
        (DesiredState.Stopped, _) => record.Stopped(now),
        _ => record.Fail(FailureReason.Unsupported, NotOffered, now),
    };
}
