using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Selecting;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Reconciling;

/// <summary>
/// What controllers read: stored objects themselves, without copies, so that looking at hundreds of pods at each change costs little. Read only;
/// changes go through <see cref="IClusterApi"/>.
/// </summary>
internal sealed class ClusterView(ObjectStore store)
{
    public StoredObject? Get(ResourceType type, string? ns, string name) => store.Get(type, ns, name);

    public IEnumerable<StoredObject> List(ResourceType type, string? ns = null) => store.List(type, ns);

    /// <summary>Objects of a type that an owner controls.</summary>
    public IEnumerable<StoredObject> ControlledBy(ResourceType type, string ownerUid) =>
        store.Dependents(ownerUid).Where(stored => stored.Type == type && stored.ControllerUid == ownerUid);

    /// <summary>Objects of a type that match and that nobody controls.</summary>
    public IEnumerable<StoredObject> Orphans(ResourceType type, string? ns, LabelSelector selector) =>
        store.List(type, ns).Where(stored => stored.ControllerUid is null && selector.Matches(stored.Labels));

    /// <summary>
    /// The objects of a type that a dependent concerns: the one that controls it; or, where nobody does, those that may want it.
    /// </summary>
    public IEnumerable<ObjectKey> OwnersOf(StoredObject dependent, ResourceType type) =>
        dependent.ControllerUid is not null
            ? Ownership.OwnerOf(dependent.Json, type)
            : store.List(type, dependent.Namespace)
                .Where(owner => LabelSelector.Of(owner.Json.At("spec", "selector") as System.Text.Json.Nodes.JsonObject)?.Matches(dependent.Labels) == true)
                .Select(ObjectKey.Of);
}
