using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Housekeeping;

/// <summary>
/// Deletes objects whose owners are gone, and carries out foreground and orphan deletion
/// (https://kubernetes.io/docs/concepts/architecture/garbage-collection).
/// </summary>
internal sealed class GarbageCollector(ObjectStore store, ObjectWriter writer, ObjectRemover remover, ILogger<GarbageCollector> log) : Housekeeper(store, log)
{
    private const string Foreground = "foregroundDeletion";
    private const string Orphan = "orphan";

    private static readonly WriteOptions Options = new(Caller.System, "kube-controller-manager");

    protected override void Start()
    {
        foreach (var stored in ResourceTypes.All.SelectMany(t => Store.List(t)).ToList())
        {
            Look(stored);
        }
    }

    protected override void React(StoredChange change)
    {
        if (change.Type != WatchEvent.Deleted)
        {
            Look(change.Current);
            return;
        }

        foreach (var dependent in Dependents(change.Current.Uid))
        {
            Reconsider(dependent);
        }

        foreach (var owner in OwnersOf(change.Current).Select(o => o.Owner).OfType<StoredObject>().Where(o => o.HasFinalizer(Foreground)))
        {
            DeleteForeground(owner);
        }
    }

    private void Look(StoredObject stored)
    {
        if (stored.IsDeleted && stored.HasFinalizer(Orphan))
        {
            OrphanDependents(stored);
        }
        else if (stored.IsDeleted && stored.HasFinalizer(Foreground))
        {
            DeleteForeground(stored);
        }

        if (stored.OwnerUids.Count > 0)
        {
            Reconsider(stored);
        }
    }

    /// <summary>Deletes an object that no owner holds any more; drops references to owners that are gone while another holds it.</summary>
    private void Reconsider(StoredObject seen)
    {
        lock (Store.Gate)
        {
            if (Store.Get(seen.Type, seen.Namespace, seen.Name) is not { } stored || stored.Uid != seen.Uid || stored.OwnerUids.Count == 0)
            {
                return;
            }

            var owners = OwnersOf(stored).ToList();
            var waiting = owners.Where(o => o.Owner is { IsDeleted: true } owner && owner.HasFinalizer(Foreground)).Select(o => o.Uid).ToHashSet();
            var dangling = owners.Where(o => o.Owner is null && o.IsKnownKind).Select(o => o.Uid).ToHashSet();
            if (waiting.Count + dangling.Count == 0)
            {
                return;
            }

            if (owners.Exists(o => !waiting.Contains(o.Uid) && !dangling.Contains(o.Uid)))
            {
                KeepReferences(stored, uid => !waiting.Contains(uid) && !dangling.Contains(uid));
            }
            else if (!stored.IsDeleted)
            {
                var policy = waiting.Count > 0 && Dependents(stored.Uid).Count > 0 ? "Foreground" : stored.HasFinalizer(Orphan) ? "Orphan" : "Background";
                remover.Delete(stored.Type, stored.Namespace, stored.Name, new DeleteOptions { PropagationPolicy = policy, PreconditionUid = stored.Uid });
            }
        }
    }

    /// <summary>The owner goes when no dependent that blocks it is left.</summary>
    private void DeleteForeground(StoredObject seen)
    {
        foreach (var dependent in Dependents(seen.Uid))
        {
            Reconsider(dependent);
        }

        lock (Store.Gate)
        {
            var blocked = Dependents(seen.Uid).Exists(d =>
                d.Json.Objects("metadata", "ownerReferences").Any(r => r.Text("uid") == seen.Uid && r.Flag("blockOwnerDeletion") == true));
            if (!blocked)
            {
                RemoveFinalizer(seen, Foreground);
            }
        }
    }

    private void OrphanDependents(StoredObject owner)
    {
        lock (Store.Gate)
        {
            foreach (var dependent in Dependents(owner.Uid))
            {
                KeepReferences(dependent, uid => uid != owner.Uid);
            }

            RemoveFinalizer(owner, Orphan);
        }
    }

    private void RemoveFinalizer(StoredObject seen, string finalizer)
    {
        if (Store.Get(seen.Type, seen.Namespace, seen.Name) is { } stored && stored.Uid == seen.Uid && stored.HasFinalizer(finalizer))
        {
            var changed = stored.Copy();
            var metadata = changed["metadata"]!.AsObject();
            metadata["finalizers"] = new JsonArray([.. metadata["finalizers"]!.AsArray().Where(f => (string?)f != finalizer).Select(f => f!.DeepClone())]);
            writer.Update(stored.Type, stored.Namespace, stored.Name, changed, null, Options);
        }
    }

    private void KeepReferences(StoredObject stored, Func<string, bool> keep)
    {
        var changed = stored.Copy();
        var metadata = changed["metadata"]!.AsObject();
        var kept = metadata.Objects("ownerReferences").Where(r => keep(r.Text("uid") ?? "")).Select(r => r.DeepClone()).ToArray();
        metadata["ownerReferences"] = new JsonArray(kept);
        writer.Update(stored.Type, stored.Namespace, stored.Name, changed, null, Options);
    }

    private List<StoredObject> Dependents(string uid) => [.. Store.Dependents(uid)];

    private IEnumerable<(string Uid, StoredObject? Owner, bool IsKnownKind)> OwnersOf(StoredObject stored)
    {
        foreach (var reference in stored.Json.Objects("metadata", "ownerReferences"))
        {
            var uid = reference.Text("uid") ?? "";
            var type = ResourceTypes.FindKind(reference.Text("apiVersion") ?? "", reference.Text("kind") ?? "");
            var owner = type is null ? null : Store.Get(type, type.Namespaced ? stored.Namespace : null, reference.Text("name") ?? "");
            yield return (uid, owner?.Uid == uid ? owner : null, type is not null);
        }
    }
}
