using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Controllers.Revisions;

/// <summary>The ControllerRevisions of StatefulSets and DaemonSets: finds or makes the one of the present template, drops old ones.</summary>
internal sealed class RevisionHistory(IClusterApi api, string fieldManager)
{
    private const string HashLabel = "controller.kubernetes.io/hash";
    private const int DefaultLimit = 10;

    /// <summary>All revisions of the owner by number, and the one whose data is the owner's present template.</summary>
    public async Task<(IReadOnlyList<Revision> All, Revision Present)> SyncAsync(ResourceType type, JsonObject owner, CancellationToken ct)
    {
        var revisions = List(owner);
        var template = owner.At("spec", "template")!.AsObject();
        var next = revisions.Count == 0 ? 1 : revisions[^1].Number + 1;
        var equal = revisions.LastOrDefault(revision => JsonNode.DeepEquals(revision.Template, template));
        if (equal is null)
        {
            var created = await CreateAsync(type, owner, template, next, ct);
            return ([.. revisions, created], created);
        }

        if (equal.Number != next - 1)
        {
            // A template that was there before comes back: its revision becomes the newest.
            equal = await RenumberAsync(owner, equal, next, ct);
            revisions = [.. revisions.Where(revision => revision.Name != equal.Name), equal];
        }

        return (revisions, equal);
    }

    /// <summary>Deletes the oldest revisions beyond the owner's limit that no pod has.</summary>
    public async Task TruncateAsync(JsonObject owner, IReadOnlyList<Revision> all, IReadOnlySet<string> live, CancellationToken ct)
    {
        var limit = (int)(owner.Number("spec", "revisionHistoryLimit") ?? DefaultLimit);
        var old = all.Where(revision => !live.Contains(revision.Name)).OrderBy(revision => revision.Number).ToList();
        foreach (var revision in old.Take(Math.Max(0, old.Count - limit)))
        {
            await api.DeleteAsync(ResourceTypes.ControllerRevisions, owner.Text("metadata", "namespace"), revision.Name, ct: ct);
        }
    }

    private List<Revision> List(JsonObject owner)
    {
        var uid = owner.Text("metadata", "uid");
        return
        [
            .. api.List(ResourceTypes.ControllerRevisions, owner.Text("metadata", "namespace")).Items
                .Where(item => item.Objects("metadata", "ownerReferences").Any(reference => reference.Text("uid") == uid))
                .Select(Read)
                .OrderBy(revision => revision.Number),
        ];
    }

    private static Revision Read(JsonObject item)
    {
        var template = item.At("data", "spec", "template")!.DeepClone().AsObject();
        template.Remove("$patch");
        return new Revision(item.Text("metadata", "name")!, item.Number("revision") ?? 0, item.Text("metadata", "labels", HashLabel) ?? "", template);
    }

    private async Task<Revision> CreateAsync(ResourceType type, JsonObject owner, JsonObject template, long number, CancellationToken ct)
    {
        var ns = owner.Text("metadata", "namespace");
        var data = template.DeepClone().AsObject();
        data["$patch"] = "replace";
        for (var collisions = (int)(owner.Number("status", "collisionCount") ?? 0); ; collisions++)
        {
            var hash = RevisionHash.Of(template.ToJsonString(), collisions);
            var labels = (template.At("metadata", "labels")?.DeepClone() as JsonObject) ?? [];
            labels[HashLabel] = hash;
            try
            {
                return Read(await api.CreateAsync(ResourceTypes.ControllerRevisions, ns, new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = $"{owner.Text("metadata", "name")}-{hash}",
                        ["labels"] = labels,
                        ["ownerReferences"] = new JsonArray(Ownership.Reference(type, owner)),
                    },
                    ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = data.DeepClone() } },
                    ["revision"] = number,
                }, fieldManager, ct));
            }
            catch (ApiStatusException e) when (e.IsAlreadyExists)
            {
                // Another template with the same hash, or the leftover of an owner of the same name.
            }
        }
    }

    private async Task<Revision> RenumberAsync(JsonObject owner, Revision revision, long number, CancellationToken ct)
    {
        var stored = api.Get(ResourceTypes.ControllerRevisions, owner.Text("metadata", "namespace"), revision.Name)!;
        stored["revision"] = number;
        return Read(await api.UpdateAsync(ResourceTypes.ControllerRevisions, stored, fieldManager, ct: ct));
    }
}
