using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Pods;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Revisions;

/// <summary>
/// The ControllerRevisions of StatefulSets and DaemonSets: finds or makes the one of the present template, drops old ones. The data of a
/// revision is the patch that brings its template back: <c>kubectl rollout undo</c> sends it as it is.
/// </summary>
/// <param name="api">Writes.</param>
/// <param name="view">Reads.</param>
/// <param name="ownerType">StatefulSets or DaemonSets.</param>
/// <param name="hashLabel">The label of a revision that carries its hash.</param>
internal sealed class RevisionHistory(IClusterApi api, ClusterView view, ResourceType ownerType, string hashLabel)
{
    private readonly Claiming _claiming = new(api, view, ownerType);

    /// <summary>The revisions of an owner that is being deleted: nothing is made or adopted any more. Null where there are none.</summary>
    public RevisionSet? Read(StoredObject owner)
    {
        List<Revision> revisions = [.. view.ControlledBy(ResourceTypes.ControllerRevisions, owner.Uid).Select(stored => Read(stored.Json)).OrderBy(revision => revision.Number)];
        return revisions.Count == 0 ? null : new RevisionSet(revisions, revisions[^1], Collisions(owner));
    }

    public async Task<RevisionSet> SyncAsync(StoredObject owner, CancellationToken ct)
    {
        var collisions = Collisions(owner);
        var claimed = await _claiming.ClaimAsync(owner, ResourceTypes.ControllerRevisions, ct: ct);
        List<Revision> revisions = [.. claimed.Select(stored => Read(stored.Json)).OrderBy(revision => revision.Number).ThenBy(revision => revision.Name, StringComparer.Ordinal)];
        var template = owner.Json.At("spec", "template")!.AsObject();
        var next = revisions.Count == 0 ? 1 : revisions[^1].Number + 1;
        var equal = revisions.FindLast(revision => JsonNode.DeepEquals(revision.Template, template));
        if (equal is null)
        {
            (var created, collisions) = await CreateAsync(owner, template, next, collisions, ct);
            return new RevisionSet([.. revisions, created], created, collisions);
        }

        if (equal.Number != next - 1)
        {
            // A template that was there before comes back: its revision becomes the newest.
            equal = await RenumberAsync(owner, equal, next, ct);
            revisions = [.. revisions.Where(revision => revision.Name != equal.Name), equal];
        }

        return new RevisionSet(revisions, equal, collisions);
    }

    /// <summary>Deletes the oldest of the given revisions beyond the owner's limit.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="revisions">Those that count towards the limit.</param>
    /// <param name="isLive">Those that stay, because pods have them.</param>
    /// <param name="ct">Cancels.</param>
    public async Task TruncateAsync(StoredObject owner, IEnumerable<Revision> revisions, Func<Revision, bool> isLive, CancellationToken ct)
    {
        if (owner.IsDeleted || owner.Json.Number("spec", "revisionHistoryLimit") is not { } limit || limit < 0)
        {
            return;
        }

        var all = revisions.OrderBy(revision => revision.Number).ToList();
        foreach (var revision in all.Where(revision => !isLive(revision)).Take((int)Math.Max(0, all.Count - limit)))
        {
            try
            {
                await api.DeleteAsync(ResourceTypes.ControllerRevisions, owner.Namespace, revision.Name, ct: ct);
            }
            catch (ApiStatusException e) when (e.IsNotFound)
            {
                // It went meanwhile.
            }
        }
    }

    private static int Collisions(StoredObject owner) => (int)(owner.Json.Number("status", "collisionCount") ?? 0);

    private Revision Read(JsonObject item)
    {
        var template = item.At("data", "spec", "template")?.DeepClone() as JsonObject ?? [];
        template.Remove("$patch");
        return new Revision(item.Text("metadata", "name")!, item.Number("revision") ?? 0, item.Text("metadata", "labels", hashLabel) ?? "", template);
    }

    private async Task<(Revision Made, int Collisions)> CreateAsync(StoredObject owner, JsonObject template, long number, int collisions, CancellationToken ct)
    {
        while (true)
        {
            var hash = RevisionHash.Of(template.ToJsonString(), collisions);
            try
            {
                var made = await api.CreateAsync(
                    ResourceTypes.ControllerRevisions, owner.Namespace, NewRevision(owner, template, number, hash), ControllerNames.FieldManager, ct);
                return (Read(made), collisions);
            }
            catch (ApiStatusException e) when (e.IsAlreadyExists)
            {
                // Another template with the same hash, or the leftover of an owner of the same name.
                collisions++;
            }
        }
    }

    private JsonObject NewRevision(StoredObject owner, JsonObject template, long number, string hash)
    {
        var data = template.DeepClone().AsObject();
        data["$patch"] = "replace";
        var labels = template.At("metadata", "labels")?.DeepClone() as JsonObject ?? [];
        labels[hashLabel] = hash;
        var metadata = new JsonObject
        {
            ["name"] = $"{owner.Name}-{hash}",
            ["namespace"] = owner.Namespace,
            ["labels"] = labels,
            ["ownerReferences"] = new JsonArray(Ownership.Reference(ownerType, owner.Json)),
        };
        if (owner.Json.At("metadata", "annotations") is { } annotations)
        {
            metadata["annotations"] = annotations.DeepClone(); // the cause of the change, that the history shows
        }

        return new JsonObject { ["metadata"] = metadata, ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = data } }, ["revision"] = number };
    }

    private async Task<Revision> RenumberAsync(StoredObject owner, Revision revision, long number, CancellationToken ct)
    {
        var changed = view.Get(ResourceTypes.ControllerRevisions, owner.Namespace, revision.Name)?.Copy()
            ?? throw ApiErrors.Modified(ResourceTypes.ControllerRevisions, revision.Name);
        changed["revision"] = number;
        return Read(await api.UpdateAsync(ResourceTypes.ControllerRevisions, changed, ControllerNames.FieldManager, ct: ct));
    }
}
