using k8s.Models;
using Microsoft.Extensions.Options;
using Workspaces.Cluster.Applying;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Rendering;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;

namespace Workspaces.Provisioner.Standalone;

/// <summary>
/// The step of a workspace that shall run:
/// (1) apply, once per generation and again only where the workload has gone, so that a new version of this service replaces nobody's pod;
/// (2) report instances that came up, the first of a generation also as ready;
/// (3) until then report progress, and give up where it will not come.
/// </summary>
internal sealed class StandaloneStart(
    StandaloneApplier applier,
    ClusterEvents events,
    NamespaceSetup namespaces,
    IOptions<ClusterOptions> cluster,
    IOptions<RenderOptions> rendering,
    IOptions<ReconcileOptions> options,
    TimeProvider time)
{
    /// <summary>How often to ask why there is no pod; nothing wakes us for an event.</summary>
    private static readonly TimeSpan NoPodPoll = TimeSpan.FromSeconds(3);

    private readonly string _namespace = cluster.Value.Namespace;

    public async Task<Step> StepAsync(WorkspaceRecord record, IReadOnlyList<SeenPod> seen, CancellationToken cancellation)
    {
        if (record.Request is not { } request)
        {
            return new Step(record.Fail(
                FailureReason.Unsupported, "The cluster has no record of what this workspace is made from. Delete it and ask for it again.", time.GetUtcNow()));
        }

        // 1. Apply
        if (record.Applied?.Generation != record.Generation)
        {
            return await ApplyAsync(record, request, cancellation);
        }

        // 2. Instances
        var up = InstanceTracker.TrackUp(record, seen, ContextOf(record, request, record.Applied));
        if (up.Instances.Count > 0 && up.Outcome.State == OutcomeState.Pending)
        {
            up = up.Ready(ready: 1, wanted: 1, up.LastEventAt);
        }

        if (!ReferenceEquals(up, record))
        {
            return new Step(up);
        }

        // 3. Progress
        var pod = seen.Where(each => each.IsAlive && PodOwnership.IsOf(each.Pod, record, _namespace)).Select(each => each.Pod).FirstOrDefault();
        if (pod is null && !await applier.IsWorkloadAsync(_namespace, record.WorkspaceId, record.Applied.WorkloadUid, cancellation))
        {
            return new Step(record with { Applied = null });
        }

        return record.Outcome.State == OutcomeState.Pending ? await ProgressAsync(record, pod, cancellation) : new Step(record);
    }

    private async Task<Step> ApplyAsync(WorkspaceRecord record, WorkspaceRequest request, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (UnsupportedParts.InStandalone(request.Blueprint) is { Count: > 0 } unsupported)
        {
            return new Step(record.Fail(FailureReason.Unsupported, string.Join(' ', unsupported), now));
        }

        try
        {
            var applied = await applier.ApplyAsync(InputOf(record, request), rendering.Value, cancellation);
            var next = record with
            {
                Applied = new AppliedState { Generation = record.Generation, At = now, WorkloadUid = applied.WorkloadUid, HostKey = applied.HostKey },
            };
            return new Step(next.Progress(WorkspaceStage.Scheduling, "Looking for a node.", now));
        }
        catch (ObjectNotOursException e)
        {
            return new Step(record.Fail(FailureReason.Conflict, e.Message, now));
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Refused))
        {
            return new Step(record.Fail(FailureReason.Refused, $"The cluster refused: {ClusterError.Of(e)!.Message}", now));
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            namespaces.LookAgain(); // there is nothing else that an apply could miss
            throw;
        }
    }

    private async Task<Step> ProgressAsync(WorkspaceRecord record, V1Pod? pod, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var trouble = pod is null ? null : TroubleReading.Of(pod);
        var isLate = now >= record.Applied!.At + options.Value.StartWithin;
        if (trouble is null && (pod is null || isLate))
        {
            trouble = await events.TroubleOfAsync(_namespace, pod?.Uid() ?? record.Applied.WorkloadUid, cancellation);
        }

        var step = pod is null ? null : StartReading.StepOf(pod, ObjectNames.WorkspaceContainer);
        var (next, wait) = StartDecision.Decide(record, step, trouble, now, options.Value);
        return new Step(next, pod is null && wait > NoPodPoll ? NoPodPoll : wait);
    }

    private WorkspaceInput InputOf(WorkspaceRecord record, WorkspaceRequest request) => new()
    {
        WorkspaceId = record.WorkspaceId,
        Generation = record.Generation,
        Name = request.Name,
        Owner = request.Owner,
        Blueprint = request.Blueprint,
        Namespace = _namespace,
    };

    private InstanceContext ContextOf(WorkspaceRecord record, WorkspaceRequest request, AppliedState applied) => new()
    {
        Container = ObjectNames.WorkspaceContainer,
        IsOurs = pod => PodOwnership.IsOf(pod, record, _namespace),
        Workload = new WorkloadReference(V1StatefulSet.KubeKind, ObjectNames.For(record.WorkspaceId), applied.WorkloadUid),
        SshPort = rendering.Value.SshPort,
        HostKey = applied.HostKey,
        LoginUser = LoginUser.Of(request.Owner, request.Blueprint.User).Name,
    };
}
