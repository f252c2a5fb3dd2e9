using k8s;
using k8s.Models;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Rendering;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Cluster.Applying;

/// <summary>
/// Brings the objects of a standalone workspace into the cluster and out of it. Each step may be repeated, and each sequence of steps
/// begun again from the start, after a crash at any point.
/// </summary>
public sealed class StandaloneApplier(IKubernetes kubernetes, ObjectApplier objects, HostKeyStore hostKeys)
{
    /// <summary>What is removed with a workspace, the workload first, so that nothing is taken away from under a running pod.</summary>
    private static readonly string[] RemovedKinds =
        [V1StatefulSet.KubeKind, V1Service.KubeKind, V1NetworkPolicy.KubeKind, V1ConfigMap.KubeKind, V1Secret.KubeKind, V1ServiceAccount.KubeKind];

    /// <summary>
    /// Applies everything:
    /// (1) the host key, made once and kept;
    /// (2) the claims, made once or found again;
    /// (3) all other objects, the StatefulSet last;
    /// (4) what the blueprint no longer wants goes.
    /// </summary>
    public async Task<AppliedWorkspace> ApplyAsync(WorkspaceInput wanted, RenderOptions options, CancellationToken cancellation)
    {
        // 1. Host key
        var hostKey = await hostKeys.GetOrMakeAsync(wanted, FieldManagers.Provisioner, cancellation).ConfigureAwait(false);

        // 2. Claims
        var claims = await ClaimsAsync(wanted, cancellation).ConfigureAwait(false);

        // 3. Everything else
        var rendered = StandaloneRenderer.Render(wanted with { HostKey = hostKey.PublicLine, Claims = claims }, options);
        AppliedObject? workload = null;
        foreach (var each in rendered.InOrder())
        {
            workload = await objects.ApplyAsync(each, FieldManagers.Provisioner, cancellation).ConfigureAwait(false);
        }

        // 4. No longer wanted
        if (rendered.NetworkPolicy is null)
        {
            await objects.RemoveAsync(V1NetworkPolicy.KubeKind, wanted.Namespace, ObjectNames.For(wanted.WorkspaceId), wanted.WorkspaceId, cancellation)
                .ConfigureAwait(false);
        }

        return new AppliedWorkspace(workload!.Uid, hostKey.PublicLine);
    }

    /// <summary>
    /// Scales to nothing and leaves the rest. The workload is patched, not applied: scaling needs neither the blueprint nor anything
    /// else that could be refused.
    /// </summary>
    /// <returns>Whether there was a workload.</returns>
    public async Task<bool> ScaleDownAsync(string ns, string workspaceId, CancellationToken cancellation)
    {
        var patch = new V1Patch("""{"spec":{"replicas":0}}""", V1Patch.PatchType.MergePatch);
        try
        {
            await kubernetes.AppsV1.PatchNamespacedStatefulSetAsync(
                patch, ObjectNames.For(workspaceId), ns, fieldManager: FieldManagers.Provisioner, cancellationToken: cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            return false;
        }
    }

    /// <summary>
    /// Asks for the removal of everything but retained claims; deletion takes its time, so this is called until it says that it is
    /// done.
    /// </summary>
    /// <returns>Whether nothing is left, pods included.</returns>
    public async Task<bool> RemoveAsync(string ns, string workspaceId, CancellationToken cancellation)
    {
        var name = ObjectNames.For(workspaceId);
        var gone = true;
        foreach (var kind in RemovedKinds)
        {
            gone &= await objects.RemoveAsync(kind, ns, name, workspaceId, cancellation).ConfigureAwait(false);
        }

        var claims = await ListClaimsAsync(ns, $"{WorkspaceLabels.Workspace}={workspaceId},{WorkspaceLabels.Retain}!=true", cancellation)
            .ConfigureAwait(false);
        foreach (var claim in claims)
        {
            gone &= await objects.RemoveAsync(V1PersistentVolumeClaim.KubeKind, ns, claim.Name(), workspaceId, cancellation).ConfigureAwait(false);
        }

        return gone && !await HasPodsAsync(ns, workspaceId, cancellation).ConfigureAwait(false);
    }

    /// <summary>Whether pods of the workspace are there, asked of the cluster itself and not of a cache that may lag behind.</summary>
    public async Task<bool> HasPodsAsync(string ns, string workspaceId, CancellationToken cancellation)
    {
        var pods = await kubernetes.CoreV1.ListNamespacedPodAsync(
            ns, labelSelector: $"{WorkspaceLabels.Workspace}={workspaceId},{WorkspaceLabels.Model}=standalone", cancellationToken: cancellation)
            .ConfigureAwait(false);
        return pods.Items.Any(pod => pod.Metadata.OwnerReferences?.Any(owner => owner.Name == ObjectNames.For(workspaceId)) == true);
    }

    /// <summary>Whether the workload that was applied is still there: the same one, not another of the same name.</summary>
    public async Task<bool> IsWorkloadAsync(string ns, string workspaceId, string uid, CancellationToken cancellation)
    {
        try
        {
            var found = await kubernetes.AppsV1.ReadNamespacedStatefulSetAsync(ObjectNames.For(workspaceId), ns, cancellationToken: cancellation)
                .ConfigureAwait(false);
            return found.Uid() == uid && found.DeletionTimestamp() is null;
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            return false;
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> ClaimsAsync(WorkspaceInput wanted, CancellationToken cancellation)
    {
        var names = new Dictionary<string, string>();
        foreach (var (storageName, storage) in wanted.Blueprint.Storage ?? new Dictionary<string, BlueprintStorage>())
        {
            if (storage.Type == BlueprintStorageType.Volume)
            {
                names[storageName] = await ClaimAsync(wanted, storageName, storage, cancellation).ConfigureAwait(false);
            }
        }

        return names;
    }

    private async Task<string> ClaimAsync(WorkspaceInput wanted, string storageName, BlueprintStorage storage, CancellationToken cancellation)
    {
        var selector = $"{WorkspaceLabels.Owner}={wanted.Owner.Name},{WorkspaceLabels.Name}={wanted.Name},{WorkspaceLabels.Storage}={storageName}";
        var found = (await ListClaimsAsync(wanted.Namespace, selector, cancellation).ConfigureAwait(false))
            .Where(claim => claim.DeletionTimestamp() is null)
            // Our own from an earlier attempt, or one that a former workspace of this name left on purpose.
            .Where(claim => claim.GetLabel(WorkspaceLabels.Workspace) == wanted.WorkspaceId || claim.GetLabel(WorkspaceLabels.Retain) == "true")
            .OrderByDescending(claim => claim.GetLabel(WorkspaceLabels.Workspace) == wanted.WorkspaceId)
            .ThenBy(claim => claim.CreationTimestamp())
            .ThenBy(claim => claim.Name(), StringComparer.Ordinal)
            .FirstOrDefault();
        if (found is not null)
        {
            return found.Name();
        }

        var claim = KubernetesJson.Deserialize<V1PersistentVolumeClaim>(StorageRenderer.Claim(wanted, storageName, storage).ToJsonString());
        await kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(
            claim, wanted.Namespace, fieldManager: FieldManagers.Provisioner, cancellationToken: cancellation).ConfigureAwait(false);
        return claim.Name();
    }

    private async Task<IList<V1PersistentVolumeClaim>> ListClaimsAsync(string ns, string selector, CancellationToken cancellation) =>
        (await kubernetes.CoreV1.ListNamespacedPersistentVolumeClaimAsync(ns, labelSelector: selector, cancellationToken: cancellation)
            .ConfigureAwait(false)).Items;
}
