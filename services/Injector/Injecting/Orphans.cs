using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Injecting;

/// <summary>
/// Removes injections that no record knows: a workload that was restored from a backup, or rolled back, with a workspace in its template.
/// Nothing leads into such a container, and nothing else would ever take it out. The one exception to changing only what was applied.
/// </summary>
internal sealed partial class Orphans(
    IKubernetes kubernetes, WorkloadClient workloads, Ejection ejection, IOptions<ClusterOptions> cluster, ILogger<Orphans> logger)
{
    /// <summary>Looks at the workloads of pods that carry the id of an unknown workspace.</summary>
    public async Task RemoveAsync(string workspaceId, IReadOnlyList<SeenPod> pods, CancellationToken cancellation)
    {
        if (!WorkspaceId.IsValid(workspaceId))
        {
            return; // a label of that form that somebody else made
        }

        // Of another installation in the same cluster, the records are elsewhere.
        var annotation = WorkspaceAnnotations.InPod(workspaceId, WorkspaceAnnotations.Record);
        var owners = pods.Where(pod => pod.IsAlive && pod.Pod.GetAnnotation(annotation) == cluster.Value.SystemNamespace)
            .Select(pod => (Namespace: pod.Pod.Namespace(), Owner: (pod.Pod.Metadata.OwnerReferences ?? []).FirstOrDefault(owner => owner.Controller == true)))
            .Where(pod => pod.Owner is not null)
            .DistinctBy(pod => pod.Owner!.Uid);
        foreach (var (ns, owner) in owners)
        {
            if (await WorkloadOfAsync(ns, owner!, cancellation) is not { IsBeingDeleted: false } target || !target.Carries(workspaceId))
            {
                continue; // on its way out, or a pod that merely claims to be one
            }

            await ejection.RemoveRestAsync(target, workspaceId, cancellation);
            Removed(logger, workspaceId, target.Title);
        }
    }

    private async Task<Workload?> WorkloadOfAsync(string ns, V1OwnerReference owner, CancellationToken cancellation)
    {
        if (owner.Kind == V1ReplicaSet.KubeKind)
        {
            try
            {
                var set = await kubernetes.AppsV1.ReadNamespacedReplicaSetAsync(owner.Name, ns, cancellationToken: cancellation);
                if ((set.Metadata.OwnerReferences ?? []).FirstOrDefault(up => up.Controller == true) is not { } up || set.Uid() != owner.Uid)
                {
                    return null;
                }

                owner = up;
            }
            catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
            {
                return null;
            }
        }

        return WorkloadKind.TryFind(owner.Kind, out var kind)
            && await workloads.FindAsync(kind, ns, owner.Name, cancellation) is { } found && found.Uid == owner.Uid ? found : null;
    }

    [LoggerMessage(2001, LogLevel.Warning, "Removed workspace {WorkspaceId} from {Target}: it stood in the template, and no record knows it")]
    private static partial void Removed(ILogger logger, string workspaceId, string target);
}
