using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Kinds;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Housekeeping;

/// <summary>Lets a deleted claim go once no pod uses it any more.</summary>
internal sealed class ClaimProtection(ObjectStore store, ObjectWriter writer, ILogger<ClaimProtection> log) : Housekeeper(store, log)
{
    private static readonly WriteOptions Options = new(Caller.System, "kube-controller-manager");

    protected override void Start()
    {
        foreach (var claim in Store.List(ResourceTypes.PersistentVolumeClaims).Where(c => c.IsDeleted).ToList())
        {
            Release(claim);
        }
    }

    protected override void React(StoredChange change)
    {
        if (change.Current.Type == ResourceTypes.PersistentVolumeClaims && change.Current.IsDeleted && change.Type != WatchEvent.Deleted)
        {
            Release(change.Current);
        }
        else if (change.Current.Type == ResourceTypes.Pods && (change.Type == WatchEvent.Deleted || HasEnded(change.Current)))
        {
            foreach (var claim in Store.List(ResourceTypes.PersistentVolumeClaims, change.Current.Namespace).Where(c => c.IsDeleted).ToList())
            {
                Release(claim);
            }
        }
    }

    private void Release(StoredObject seen)
    {
        lock (Store.Gate)
        {
            var stored = Store.Get(seen.Type, seen.Namespace, seen.Name);
            if (stored is not { IsDeleted: true } || !stored.HasFinalizer(ClaimRules.Protection) || IsUsed(stored))
            {
                return;
            }

            var changed = stored.Copy();
            var metadata = changed["metadata"]!.AsObject();
            metadata["finalizers"] = new JsonArray([.. metadata["finalizers"]!.AsArray().Where(f => (string?)f != ClaimRules.Protection).Select(f => f!.DeepClone())]);
            writer.Update(stored.Type, stored.Namespace, stored.Name, changed, null, Options);
        }
    }

    private bool IsUsed(StoredObject claim) => Store.List(ResourceTypes.Pods, claim.Namespace)
        .Any(p => !HasEnded(p) && p.Json.Objects("spec", "volumes").Any(v => v.Text("persistentVolumeClaim", "claimName") == claim.Name));

    private static bool HasEnded(StoredObject pod) => pod.Json.Text("status", "phase") is "Succeeded" or "Failed";
}
