using Workspaces.Cluster.Commanding;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;

namespace Workspaces.Injector.Injecting;

/// <summary>
/// Brings one injected workspace to what its record wants. Each pass takes one step, stores what it led to together with the events
/// that tell of it, publishes them, and begins again from the record, until there is nothing to do:
/// (1) publish what is pending; a deleted workspace's record goes then;
/// (2) report instances that went down;
/// (3) take out, bring in or watch, as the record wants.
/// </summary>
internal sealed class InjectionReconciler(
    RecordStore records,
    RecordPublisher publisher,
    IPodView pods,
    InjectionStart start,
    InjectionWatch watch,
    Ejection ejection,
    Orphans orphans,
    TargetLocks targets,
    Tombstones tombstones,
    TimeProvider time) : IWorkspaceReconciler
{
    /// <summary>The watch tells when pods go; this is for objects that are not watched.</summary>
    private static readonly TimeSpan EjectionPoll = TimeSpan.FromSeconds(1);

    public async Task<ReconcileResult> ReconcileAsync(string workspaceId, CancellationToken cancellation)
    {
        var record = await records.GetAsync(workspaceId, cancellation);
        if (record is null)
        {
            await orphans.RemoveAsync(workspaceId, pods.Of(workspaceId), cancellation);
        }

        using var target = await targets.TakeAsync(record?.Request?.Target, cancellation);
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
        var isEjecting = record.Injection?.EjectedAt is not null && record.Outcome.Reason != FailureReason.TargetNotFound;
        var tracked = InstanceTracker.TrackDown(
            record, seen, ObjectNames.InjectedContainer(record.WorkspaceId), time.GetUtcNow(), isEjecting);
        if (!ReferenceEquals(tracked, record))
        {
            return new Step(tracked); // told at once, whatever the cluster says to the next calls
        }

        return (record.Desired, record.Outcome.State) switch
        {
            (DesiredState.Deleted, _) => await TakeOutAsync(record, (done, now) => done.Deleted(now), cancellation),
            (_, OutcomeState.Failing) => await TakeOutAsync(record, (done, _) => done.Failed(), cancellation),
            (_, OutcomeState.Failed or OutcomeState.Stopped) => new Step(record),
            (DesiredState.Stopped, _) => await TakeOutAsync(record, (done, now) => done.Stopped(now), cancellation),
            _ when record.Injection is null || record.Applied?.Generation != record.Generation => await start.StepAsync(record, cancellation),
            _ => await watch.StepAsync(record, seen, cancellation),
        };
    }

    private async Task<Step> TakeOutAsync(
        WorkspaceRecord record, Func<WorkspaceRecord, DateTimeOffset, WorkspaceRecord> done, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (record.Injection is not { } injection)
        {
            return new Step(done(InstanceTracker.AllDown(record, InstanceDownReason.Ejected, now), now));
        }

        if (injection.EjectedAt is null)
        {
            return new Step(record with { Injection = injection with { EjectedAt = now } });
        }

        return await ejection.RunAsync(record, injection, cancellation)
            ? new Step(done(InstanceTracker.AllDown(record, InstanceDownReason.Ejected, now) with { Injection = null, Applied = null }, now))
            : new Step(record, EjectionPoll);
    }
}
