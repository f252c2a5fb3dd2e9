using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Selecting;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Pods;

/// <summary>
/// Keeps controller references in step with a selector: takes what matches and has no controller, lets go of what no longer matches
/// (https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#how-a-replicaset-works).
/// </summary>
internal sealed class Claiming(IClusterApi api, ClusterView view, ResourceType ownerType)
{
    /// <summary>
    /// What the owner controls of a type, after adoption and release. An owner that is being deleted neither adopts nor releases; what is itself
    /// being deleted is not adopted.
    /// </summary>
    /// <param name="owner">The owner; its selector decides.</param>
    /// <param name="type">What it owns.</param>
    /// <param name="belongs">What besides the selector makes something the owner's; null: nothing.</param>
    /// <param name="changes">What may be adopted or released at all; null: everything.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<StoredObject>> ClaimAsync(
        StoredObject owner, ResourceType type, Func<StoredObject, bool>? belongs = null, Func<StoredObject, bool>? changes = null, CancellationToken ct = default)
    {
        var selector = LabelSelector.Of(owner.Json.At("spec", "selector") as JsonObject);
        if (selector is null)
        {
            return [];
        }

        var claimed = new List<StoredObject>();
        foreach (var stored in view.ControlledBy(type, owner.Uid).OrderBy(stored => stored.Name, StringComparer.Ordinal))
        {
            if (selector.Matches(stored.Labels) && belongs?.Invoke(stored) != false)
            {
                claimed.Add(stored);
            }
            else if (!owner.IsDeleted && changes?.Invoke(stored) != false)
            {
                await ChangeOwnersAsync(stored, references => references.Where(reference => reference.Text("uid") != owner.Uid), ct);
            }
        }

        if (owner.IsDeleted)
        {
            return claimed;
        }

        var orphans = view.Orphans(type, owner.Namespace, selector)
            .Where(stored => !stored.IsDeleted && belongs?.Invoke(stored) != false && changes?.Invoke(stored) != false);
        foreach (var stored in orphans.ToList())
        {
            await ChangeOwnersAsync(
                stored, references => references.Where(reference => reference.Text("uid") != owner.Uid).Append(Ownership.Reference(ownerType, owner.Json)), ct);
            if (view.Get(type, stored.Namespace, stored.Name) is { } adopted && adopted.ControllerUid == owner.Uid)
            {
                claimed.Add(adopted);
            }
        }

        return claimed;
    }

    private async Task ChangeOwnersAsync(StoredObject stored, Func<IEnumerable<JsonObject>, IEnumerable<JsonObject>> change, CancellationToken ct)
    {
        var changed = stored.Copy();
        var references = change(changed.Objects("metadata", "ownerReferences").Select(reference => reference.DeepClone().AsObject())).ToArray<JsonNode>();
        changed["metadata"]!["ownerReferences"] = new JsonArray(references);
        try
        {
            await api.UpdateAsync(stored.Type, changed, ControllerNames.FieldManager, ct: ct);
        }
        catch (ApiStatusException e) when (e.IsNotFound)
        {
            // It went meanwhile.
        }
    }
}
