using Microsoft.Extensions.Options;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Rendering;
using Workspaces.Contracts;
using Workspaces.Injector.Planning;
using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Preflight;

/// <summary>
/// Finds out, before anything is written, whether an injection will work, and says why not:
/// (1) what the blueprint asks for; (2) the target; (3) the owner's rights; (4) what the target itself says; (5) what the blueprint refers
/// to; (6) the cluster's admission, by dry run: a refused pod of a StatefulSet or DaemonSet would be an outage of the service.
/// </summary>
internal sealed class PreflightCheck(
    TargetFinder targets,
    RequesterAccess access,
    References references,
    WorkloadClient workloads,
    IOptions<RenderOptions> rendering,
    IOptions<ClusterOptions> cluster,
    TimeProvider time)
{
    /// <summary>What is to be injected, or the reason against it.</summary>
    public async Task<(InjectionState? Injection, Refusal? Refusal)> RunAsync(WorkspaceRecord record, WorkspaceTarget wanted, CancellationToken cancellation)
    {
        var request = record.Request!;
        var blueprint = InjectableBlueprint.Of(request.Blueprint, request.Owner.Name);

        // 1. Blueprint
        if (UnsupportedParts.InInjection(blueprint) is { Count: > 0 } unsupported)
        {
            return (null, new Refusal(FailureReason.Unsupported, string.Join(' ', unsupported)));
        }

        // 2. Target
        var (target, refusal) = await targets.FindAsync(wanted, cancellation);
        if (target is null)
        {
            return (null, refusal);
        }

        // 3. Rights, 4. the target's own words, 5. references
        refusal = await access.CheckAsync(request.Owner, target.Kind, wanted.Namespace, wanted.Name, cancellation)
            ?? TargetRules.Check(target, wanted.Mode)
            ?? await references.CheckAsync(blueprint, wanted.Namespace, cancellation);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        var injection = InjectionPlan.Make(record, target, await workloads.SomePodsAsync(target, cancellation), time.GetUtcNow());
        if (injection.SshPort == 0)
        {
            return (null, new Refusal(FailureReason.Conflict, $"No port is free for another SSH server in the pods of {target.Title}. Delete a workspace in it first."));
        }

        // 6. Admission
        return await TryAsync(record, target, injection, cancellation) is { } refused ? (null, refused) : (injection, null);
    }

    private async Task<Refusal?> TryAsync(WorkspaceRecord record, Workload target, InjectionState injection, CancellationToken cancellation)
    {
        try
        {
            var patch = InjectionRenderer.Inject(InjectionPlan.InputOf(record, injection, cluster.Value.SystemNamespace), rendering.Value);
            var injected = await workloads.ApplyAsync(
                target.Kind, target.Namespace, target.Name, patch, FieldManagers.Injection(record.WorkspaceId), dryRun: true, cancellation);
            await workloads.TryPodAsync(injected, cancellation);
            return null;
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Conflict))
        {
            return new Refusal(FailureReason.Conflict, $"Somebody else owns a field of {target.Title} that the workspace needs: {ClusterError.Of(e)!.Message}");
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Refused))
        {
            var words = ClusterError.Of(e)!.Message;
            return QuotaRefusal.Is(words) && QuotaRefusal.PassesInPlace(words, target, injection.Resources)
                ? null
                : new Refusal(FailureReason.Refused, $"The cluster would refuse the pods of {target.Title} with the workspace in them: {words}");
        }
    }
}
