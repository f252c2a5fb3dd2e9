using Microsoft.Extensions.Options;
using Workspaces.Cluster.Applying;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Rendering;
using Workspaces.Contracts;
using Workspaces.Injector.Planning;
using Workspaces.Injector.Preflight;
using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Injecting;

/// <summary>
/// Brings a workspace into its target: (1) finds out whether that will work; (2) writes into the record what will be done; (3) does it,
/// the workload last. Each may be cut off and begun again.
/// </summary>
internal sealed class InjectionStart(
    PreflightCheck preflight,
    HostKeyStore hostKeys,
    ObjectApplier objects,
    WorkloadClient workloads,
    IOptions<RenderOptions> rendering,
    IOptions<ClusterOptions> cluster,
    TimeProvider time)
{
    public async Task<Step> StepAsync(WorkspaceRecord record, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (record.Request is not { Target: { } wanted } request)
        {
            return new Step(record.Fail(
                FailureReason.Unsupported, "The cluster has no record of what this workspace is made from. Delete it and ask for it again.", now));
        }

        // 1. and 2.
        if (record.Injection is not { } injection)
        {
            var (planned, refusal) = await preflight.RunAsync(record, wanted, cancellation);
            return new Step(refusal is null ? record with { Injection = planned } : record.Fail(refusal.Reason, refusal.Message, now));
        }

        // 3. The patch has the uid of the workload that the record is about: another one of its name is refused by the server.
        return await ApplyAsync(record, request, injection, now, cancellation);
    }

    private async Task<Step> ApplyAsync(
        WorkspaceRecord record, WorkspaceRequest request, InjectionState injection, DateTimeOffset now, CancellationToken cancellation)
    {
        var kind = WorkloadKind.Of(injection.Workload.Kind);
        var (ns, name) = (injection.Namespace, injection.Workload.Name);
        try
        {
            var input = InjectionPlan.InputOf(record, injection, cluster.Value.SystemNamespace);
            var manager = FieldManagers.Injection(record.WorkspaceId);
            var hostKey = await hostKeys.GetOrMakeAsync(input.Workspace, manager, cancellation);
            input = InjectionPlan.InputOf(record, injection, cluster.Value.SystemNamespace, hostKey.PublicLine);
            await objects.ApplyAsync(InjectionRenderer.ConfigMap(input.Workspace, rendering.Value), manager, cancellation);
            var target = await workloads.ApplyAsync(kind, ns, name, InjectionRenderer.Inject(input, rendering.Value), manager, dryRun: false, cancellation);
            var applied = new AppliedState { Generation = record.Generation, At = now, WorkloadUid = injection.Workload.Uid, HostKey = hostKey.PublicLine };
            return new Step((record with { Applied = applied }).Progress(WorkspaceStage.RollingOut, Announcement(target, injection), now));
        }
        catch (ObjectNotOursException e)
        {
            return new Step(record.Fail(FailureReason.Conflict, e.Message, now));
        }
        catch (Exception e) when (ClusterError.Of(e)?.Kind is ClusterErrorKind.Conflict or ClusterErrorKind.NotFound or ClusterErrorKind.Refused)
        {
            return await RefusedAsync(record, injection, ClusterError.Of(e)!, now, cancellation);
        }
    }

    /// <summary>Something changed since the preflight.</summary>
    private async Task<Step> RefusedAsync(
        WorkspaceRecord record, InjectionState injection, ClusterError error, DateTimeOffset now, CancellationToken cancellation)
    {
        var target = await workloads.FindAsync(WorkloadKind.Of(injection.Workload.Kind), injection.Namespace, injection.Workload.Name, cancellation);
        if (target is null || target.Uid != injection.Workload.Uid)
        {
            return new Step(record.Fail(
                FailureReason.TargetNotFound, $"{injection.Workload.Kind} {injection.Namespace}/{injection.Workload.Name} was deleted meanwhile.", now));
        }

        if (target.ReservedPorts.TryGetValue(injection.SshPort, out var holder) && holder != record.WorkspaceId)
        {
            return new Step(record with { Injection = injection with { SshPort = PortPlan.Choose(target, record.WorkspaceId, injection.SshPort + 1) } });
        }

        return new Step(error.Kind == ClusterErrorKind.Conflict
            ? record.Fail(FailureReason.Conflict, $"Somebody else owns a field of {target.Title} that the workspace needs: {error.Message}", now)
            : record.Fail(FailureReason.Refused, $"The cluster refused: {error.Message}", now));
    }

    private static string Announcement(Workload target, InjectionState injection) =>
        $"{target.Title} replaces its pods, {target.Reached} of them, by pods with the workspace. {injection.Notes}".TrimEnd();
}
