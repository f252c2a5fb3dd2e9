using k8s.Models;
using Microsoft.Extensions.Options;
using Workspaces.Cluster.Applying;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Rendering;
using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Injecting;

/// <summary>
/// Takes a workspace out of its target, whatever its owner did meanwhile:
/// (1) its fields go from the workload, by applying nothing under the same manager; what somebody else owns by now, by name;
/// (2) its pods go, replaced by the controller; those that are not ready have to be helped, or they would stay: a StatefulSet's are deleted,
/// a Deployment's ReplicaSet is scaled down;
/// (3) the Secret and the ConfigMap go; (4) the revisions go that would bring it back.
/// Each step looks at what there is, so it may be cut off anywhere and begun again.
/// </summary>
internal sealed class Ejection(
    WorkloadClient workloads, RevisionClient revisions, ObjectApplier objects, IOptions<ReconcileOptions> options, TimeProvider time)
{
    /// <returns>Whether nothing is left of it.</returns>
    public async Task<bool> RunAsync(WorkspaceRecord record, InjectionState injection, CancellationToken cancellation)
    {
        var kind = WorkloadKind.Of(injection.Workload.Kind);
        var (ns, id) = (injection.Namespace, record.WorkspaceId);
        var isLate = time.GetUtcNow() >= injection.EjectedAt + options.Value.StartWithin;

        // 1. Fields
        var target = await workloads.FindAsync(kind, ns, injection.Workload.Name, cancellation);
        target = target?.Uid == injection.Workload.Uid ? await TakeOutAsync(target, record, injection, cancellation) : null;

        // 2. Pods. Where nobody will replace them, waiting would be for ever; nothing leads into them any more.
        if (target is { IsPaused: false, IsOnDelete: false } && !isLate && await HasPodsAsync(target, id, cancellation))
        {
            return false;
        }

        // 3. Objects beside it
        var isGone = await objects.RemoveAsync(V1ConfigMap.KubeKind, ns, ObjectNames.For(id), id, cancellation);
        isGone &= await objects.RemoveAsync(V1Secret.KubeKind, ns, ObjectNames.For(id), id, cancellation);

        // 4. History
        if (target is not null)
        {
            isGone &= await revisions.ForgetAsync(kind, ns, target.Uid, id, cancellation) || isLate || target.IsPaused || target.IsOnDelete;
        }

        return isGone;
    }

    /// <returns>The workload without the workspace, or <see langword="null"/> where the workload is gone.</returns>
    private async Task<Workload?> TakeOutAsync(Workload target, WorkspaceRecord record, InjectionState injection, CancellationToken cancellation)
    {
        var id = record.WorkspaceId;
        try
        {
            if (target.IsManagedBy(FieldManagers.Injection(id)))
            {
                target = await workloads.ApplyAsync(
                    target.Kind, target.Namespace, target.Name, InjectionRenderer.Eject(injection.Workload, injection.Namespace),
                    FieldManagers.Injection(id), dryRun: false, cancellation);
            }

            return await RemoveRestAsync(target, id, cancellation);
        }
        catch (Exception e) when (ClusterError.Of(e)?.Kind is ClusterErrorKind.NotFound or ClusterErrorKind.Conflict
            || ClusterError.Is(e, ClusterErrorKind.Refused))
        {
            // Deleted, or made anew, since it was read: then there is nothing to take out.
            var now = await workloads.FindAsync(target.Kind, target.Namespace, target.Name, cancellation);
            return now?.Uid == target.Uid ? throw new IOException($"The workspace could not be taken out of {target.Title}: {ClusterError.Of(e)!.Message}", e) : null;
        }
    }

    /// <summary>Removes what is left of a workspace in a template, owned by whoever brought it back.</summary>
    public async Task<Workload> RemoveRestAsync(Workload target, string workspaceId, CancellationToken cancellation)
    {
        var port = target.ReservedPorts.FirstOrDefault(entry => entry.Value == workspaceId).Key;
        if (!target.Carries(workspaceId) && port == 0)
        {
            return target;
        }

        var isLast = target.Workspaces.All(other => other == workspaceId);
        return await workloads.PatchAsync(
            target.Kind, target.Namespace, target.Name,
            InjectionRenderer.Remove(workspaceId, target.Uid, target.VolumesOf(workspaceId), port, isLast), cancellation);
    }

    private async Task<bool> HasPodsAsync(Workload target, string workspaceId, CancellationToken cancellation)
    {
        var controllers = await revisions.ControllersAsync(target.Kind, target.Namespace, target.Uid, workspaceId, cancellation);
        var pods = (await workloads.PodsOfAsync(target.Namespace, workspaceId, cancellation))
            .Where(pod => (pod.Metadata.OwnerReferences ?? []).Any(owner => owner.Controller == true && controllers.ContainsKey(owner.Uid)))
            .Where(pod => target.Partition == 0 || InjectedPods.OrdinalOf(pod) >= target.Partition)
            .ToArray();
        if (target.Kind == WorkloadKind.StatefulSet)
        {
            foreach (var pod in pods.Where(pod => pod.Metadata.DeletionTimestamp is null && !InjectedPods.IsReady(pod)))
            {
                await workloads.DeletePodAsync(pod, cancellation);
            }
        }

        if (target.Kind == WorkloadKind.Deployment && !target.IsHealthy && pods.Length > 0)
        {
            var ready = pods.Where(InjectedPods.IsReady).SelectMany(pod => pod.Metadata.OwnerReferences).Select(owner => owner.Uid).ToHashSet();
            await revisions.ScaleDownAsync(target, workspaceId, ready, cancellation);
        }

        return pods.Length > 0;
    }
}
