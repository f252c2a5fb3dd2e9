using k8s;
using k8s.Models;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;

namespace Workspaces.Injector.Targets;

/// <summary>
/// The history of a workload: ReplicaSets of a Deployment, ControllerRevisions of the other kinds. Their labels are those of the pod
/// template that they keep, so one list finds the ones that carry a workspace.
/// https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment
/// </summary>
internal sealed class RevisionClient(IKubernetes kubernetes)
{
    /// <summary>Uids of what controls the pods of a workload that carry a workspace: the workload, or its ReplicaSets.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ControllersAsync(
        WorkloadKind kind, string ns, string workloadUid, string workspaceId, CancellationToken cancellation)
    {
        if (kind != WorkloadKind.Deployment)
        {
            return new Dictionary<string, string> { [workloadUid] = "" };
        }

        return (await ReplicaSetsAsync(ns, workspaceId, cancellation))
            .Where(set => IsOf(set.Metadata, workloadUid))
            .ToDictionary(set => set.Uid(), set => set.Name());
    }

    /// <summary>
    /// Scales a Deployment's ReplicaSets that carry a workspace to nothing, where none of their pods is ready. The controller does that
    /// itself once the pods of the newest template are available, which those of a service that crashes never are.
    /// </summary>
    /// <param name="target">The Deployment; the workspace is out of its template.</param>
    /// <param name="workspaceId">Workspace id.</param>
    /// <param name="controllersOfReadyPods">Uids of what controls pods that are ready.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    public async Task ScaleDownAsync(Workload target, string workspaceId, IReadOnlySet<string> controllersOfReadyPods, CancellationToken cancellation)
    {
        var stuck = (await ReplicaSetsAsync(target.Namespace, workspaceId, cancellation))
            .Where(set => IsOf(set.Metadata, target.Uid) && set.Spec.Replicas is > 0 && !controllersOfReadyPods.Contains(set.Uid()));
        foreach (var set in stuck)
        {
            try
            {
                await kubernetes.AppsV1.PatchNamespacedReplicaSetAsync(
                    new V1Patch($$"""{"metadata":{"uid":"{{set.Uid()}}"},"spec":{"replicas":0} }""", V1Patch.PatchType.MergePatch),
                    set.Name(), target.Namespace, fieldManager: FieldManagers.Injector, cancellationToken: cancellation);
            }
            catch (Exception e) when (ClusterError.Of(e)?.Kind is ClusterErrorKind.NotFound or ClusterErrorKind.Conflict)
            {
                // Gone, or changed since: the next pass looks again.
            }
        }
    }

    /// <summary>Deletes the revisions that carry a workspace and that no pod is made from any more.</summary>
    /// <returns>Whether there was none; after deleting some, it takes another look to know.</returns>
    public async Task<bool> ForgetAsync(WorkloadKind kind, string ns, string workloadUid, string workspaceId, CancellationToken cancellation)
    {
        var isGone = true;
        if (kind == WorkloadKind.Deployment)
        {
            foreach (var set in (await ReplicaSetsAsync(ns, workspaceId, cancellation)).Where(set => IsOf(set.Metadata, workloadUid)))
            {
                isGone = false;
                if (set.Spec.Replicas is 0 && set.Status?.Replicas is 0 or null)
                {
                    await DeletedAsync(options => kubernetes.AppsV1.DeleteNamespacedReplicaSetAsync(
                        set.Name(), ns, options, cancellationToken: cancellation), set.Metadata);
                }
            }

            return isGone;
        }

        var revisions = await kubernetes.AppsV1.ListNamespacedControllerRevisionAsync(
            ns, labelSelector: $"{WorkspaceLabels.InstanceKey(workspaceId)}=true", cancellationToken: cancellation);
        foreach (var revision in revisions.Items.Where(revision => IsOf(revision.Metadata, workloadUid)))
        {
            isGone = false;
            await DeletedAsync(options => kubernetes.AppsV1.DeleteNamespacedControllerRevisionAsync(
                revision.Name(), ns, options, cancellationToken: cancellation), revision.Metadata);
        }

        return isGone;
    }

    private static bool IsOf(V1ObjectMeta metadata, string workloadUid) =>
        (metadata.OwnerReferences ?? []).Any(owner => owner.Controller == true && owner.Uid == workloadUid);

    private async Task<IList<V1ReplicaSet>> ReplicaSetsAsync(string ns, string workspaceId, CancellationToken cancellation) =>
        (await kubernetes.AppsV1.ListNamespacedReplicaSetAsync(
            ns, labelSelector: $"{WorkspaceLabels.InstanceKey(workspaceId)}=true", cancellationToken: cancellation)).Items;

    private static async Task DeletedAsync(Func<V1DeleteOptions, Task> delete, V1ObjectMeta metadata)
    {
        try
        {
            // As of the version that was seen: one that has been scaled up again since is in use.
            await delete(new V1DeleteOptions
            {
                PropagationPolicy = "Background",
                Preconditions = new V1Preconditions { Uid = metadata.Uid, ResourceVersion = metadata.ResourceVersion },
            });
        }
        catch (Exception e) when (ClusterError.Of(e)?.Kind is ClusterErrorKind.NotFound or ClusterErrorKind.Conflict)
        {
            // Gone, or changed since: the next pass looks again.
        }
    }
}
