using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Housekeeping;

/// <summary>Empties namespaces that are being deleted, and lets them go once nothing is left in them.</summary>
internal sealed class NamespaceFinalizer(ObjectStore store, ObjectWriter writer, ObjectRemover remover, ILogger<NamespaceFinalizer> log) : Housekeeper(store, log)
{
    private static readonly WriteOptions Options = new(Caller.System, "kube-controller-manager");

    protected override void Start()
    {
        foreach (var ns in Store.List(ResourceTypes.Namespaces).Where(n => n.IsDeleted).ToList())
        {
            Empty(ns.Name);
        }
    }

    protected override void React(StoredChange change)
    {
        if (change.Current.Type == ResourceTypes.Namespaces)
        {
            if (change.Type != WatchEvent.Deleted && change.Current.IsDeleted)
            {
                Empty(change.Current.Name);
            }
        }
        else if (change.Type == WatchEvent.Deleted && Store.Get(ResourceTypes.Namespaces, null, change.Current.Namespace ?? "") is { IsDeleted: true } ns)
        {
            Release(ns.Name);
        }
    }

    private void Empty(string name)
    {
        foreach (var stored in Content(name).Where(o => !o.IsDeleted).ToList())
        {
            try
            {
                remover.Delete(stored.Type, name, stored.Name, new DeleteOptions { PropagationPolicy = "Background" });
            }
            catch (ApiStatusException e) when (e.IsNotFound)
            {
                // Its owner's deletion took it first.
            }
        }

        Release(name);
    }

    private void Release(string name)
    {
        lock (Store.Gate)
        {
            if (Store.Get(ResourceTypes.Namespaces, null, name) is not { IsDeleted: true } ns || Content(name).Any())
            {
                return;
            }

            var changed = ns.Copy();
            changed["spec"] = new JsonObject();
            writer.Update(ResourceTypes.Namespaces, null, name, changed, "finalize", Options);
        }
    }

    private IEnumerable<StoredObject> Content(string name) => ResourceTypes.All.Where(t => t.Namespaced).SelectMany(t => Store.List(t, name));
}
