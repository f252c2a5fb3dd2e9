using k8s.Models;
using Microsoft.Extensions.Options;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.Injector.Planning;
using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Injecting;

/// <summary>
/// The step of a workspace that stands in its target's template: (1) it still does; (2) instances that came up are reported; (3) until
/// the rollout is at its end, how it goes.
/// </summary>
internal sealed class InjectionWatch(
    WorkloadClient workloads,
    RevisionClient revisions,
    ClusterEvents events,
    IOptions<ReconcileOptions> options,
    TimeProvider time)
{
    /// <summary>How often to look whether somebody took the workspace out; pods that go wake us earlier.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    public async Task<Step> StepAsync(WorkspaceRecord record, IReadOnlyList<SeenPod> seen, CancellationToken cancellation)
    {
        var (injection, now) = (record.Injection!, time.GetUtcNow());
        var kind = WorkloadKind.Of(injection.Workload.Kind);
        var target = await workloads.FindAsync(kind, injection.Namespace, injection.Workload.Name, cancellation);

        // 1. Still there
        if (target is null || target.Uid != injection.Workload.Uid || target.IsBeingDeleted)
        {
            return new Step(record.Fail(
                FailureReason.TargetNotFound, $"{kind.Name} {injection.Namespace}/{injection.Workload.Name} was deleted, and the workspace with it.", now));
        }

        if (!target.Template.Spec.Containers.Any(container => container.Name == ObjectNames.InjectedContainer(record.WorkspaceId)))
        {
            return new Step(record.Fail(
                FailureReason.Conflict,
                $"Somebody took the workspace out of {target.Title}: a tool that keeps it as it is written elsewhere (GitOps), or a person. It is not put back. "
                + "Where such a tool looks after the workload, tell it to leave the fields of field manager 'workspaces-injector.*' alone.",
                now));
        }

        // 2. Instances
        var controllers = await revisions.ControllersAsync(kind, injection.Namespace, injection.Workload.Uid, record.WorkspaceId, cancellation);
        bool IsOurs(V1Pod pod) => InjectedPods.IsOf(pod, record, controllers);
        var up = InstanceTracker.TrackUp(record, seen, ContextOf(record, IsOurs));
        if (!ReferenceEquals(up, record))
        {
            return new Step(up);
        }

        // 3. Rollout
        if (record.Outcome.State != OutcomeState.Pending)
        {
            return new Step(record, LookAgain);
        }

        V1Pod[] pods = [.. seen.Where(each => each.IsAlive && IsOurs(each.Pod)).Select(each => each.Pod)];
        var facts = new RolloutFacts
        {
            Title = target.Title,
            Up = record.Instances.Count,
            Wanted = target.Reached,
            IsReplaced = target.IsReplaced,
            IsHeldUpByTarget = !injection.WasHealthy && pods.Any(pod => InjectedPods.IsHeldUpByItsOwner(pod, record.WorkspaceId)),
            Trouble = await TroubleAsync(record, target, controllers.Keys, pods, cancellation),
        };
        return RolloutDecision.Decide(record, facts, now, options.Value);
    }

    /// <summary>What a pod says of the workspace's own containers, else what the controller says about pods that it could not make.</summary>
    private async Task<PodTrouble?> TroubleAsync(
        WorkspaceRecord record, Workload target, IEnumerable<string> controllers, V1Pod[] pods, CancellationToken cancellation)
    {
        var own = InjectionPlan.ContainersOf(record.WorkspaceId);
        if (pods.Select(pod => TroubleReading.Of(pod, own)).FirstOrDefault(trouble => trouble is not null) is { } seen)
        {
            return seen;
        }

        if (pods.Length >= target.Reached)
        {
            return null;
        }

        foreach (var controller in controllers)
        {
            if (await events.TroubleOfAsync(target.Namespace, controller, cancellation, record.Applied!.At) is { Reason: FailureReason.Refused } refused)
            {
                return refused;
            }
        }

        return null;
    }

    private static InstanceContext ContextOf(WorkspaceRecord record, Func<V1Pod, bool> isOurs)
    {
        var injection = record.Injection!;
        return new InstanceContext
        {
            Container = ObjectNames.InjectedContainer(record.WorkspaceId),
            IsOurs = isOurs,
            Workload = injection.Workload,
            SshPort = injection.SshPort,
            HostKey = record.Applied!.HostKey,
            LoginUser = InjectionPlan.LoginNameOf(record.Request!, injection),
        };
    }
}
