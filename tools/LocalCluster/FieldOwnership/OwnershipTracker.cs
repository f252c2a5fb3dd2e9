using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// Keeps managedFields true. Every write passes here once: an update or patch takes the fields it changed from their owners, an apply
/// merges, gives up what it no longer names and refuses to take what others own unless forced.
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply)
/// </summary>
internal static class OwnershipTracker
{
    private const string BeforeFirstApply = "before-first-apply";

    /// <summary>Fields that no manager owns.</summary>
    private static readonly FieldSet Unowned = FieldSet.OfFields(
        "apiVersion", "kind", "metadata", "metadata.name", "metadata.namespace", "metadata.creationTimestamp", "metadata.selfLink", "metadata.uid",
        "metadata.clusterName", "metadata.generation", "metadata.managedFields", "metadata.resourceVersion");

    /// <summary>
    /// Records a create, update or patch in <paramref name="written"/>, whose managedFields it sets. An object whose fields cannot be told apart is
    /// recorded nowhere: validation says what is wrong with it.
    /// </summary>
    public static void Update(JsonObject? live, JsonObject written, OwnershipRequest request)
    {
        try
        {
            var fields = Start(live, written, request);
            if (live is not null && fields.IsEmpty)
            {
                // Nobody tracked this object so far, and an update does not begin to.
                (written["metadata"] as JsonObject)?.Remove("managedFields");
                return;
            }

            Track(Bare(live) ?? NewObject.Of(written, request.Schema), Bare(written)!, fields, request, request.ManagerFor(Manager.Update));
            fields.WriteTo(written);
        }
        catch (OwnershipException)
        {
            (written["metadata"] as JsonObject)?.Remove("managedFields");
        }
    }

    /// <summary>
    /// Applies a configuration and returns the whole new object with its managedFields set; null where the object stays as it is, but for who
    /// owns it (<paramref name="owners"/>). <see cref="ApplyConflict"/> with every field that another manager owns with another value, unless forced.
    /// </summary>
    public static JsonObject? Apply(JsonObject? live, JsonObject config, OwnershipRequest request, bool force, out ManagedFields owners)
    {
        var schema = request.Schema;
        TypeCheck.Require(config, schema);
        owners = ReadLive(live);
        var present = Bare(live) ?? NewObject.Of(config, schema);
        if (owners.IsEmpty)
        {
            // Nobody tracked this object so far: what it holds belongs to whoever came before.
            Track(NewObject.Of(config, schema), present, owners, request, request.ManagerFor(Manager.Update) with { Name = BeforeFirstApply, Subresource = request.Subresource });
        }

        // 1. Lay the configuration over the live object.
        var merged = Merging.Values(present, config, schema)!;

        // 2. Take away what this manager applied last time, does not apply now, and nobody else owns.
        var self = request.ManagerFor(Manager.Apply);
        var last = owners.Find(self);
        var set = FieldsOf.Value(config, schema).WithoutBranches(request.Reset);
        owners.Set(self, new OwnedFields(set, request.ApiVersion, last?.Time));
        merged = Prune(merged, last?.Fields ?? FieldSet.Empty, owners.All, schema);

        // 3. Whoever owns a field that this changes is in conflict; what it removes is gone for all.
        var compare = Comparison.Of(present, merged, schema).Without(request.Reset);
        var tracked = owners;
        var conflicts = owners.Managers.Where(m => m != self)
            .Select(m => (Manager: m, Fields: tracked[m].Intersect(compare.Changed)))
            .Where(c => !c.Fields.IsEmpty)
            .ToList();
        if (conflicts.Count > 0 && !force)
        {
            throw new ApplyConflict(conflicts);
        }

        owners.TakeFromOthers(compare.Changed.Union(compare.Removed), self);
        var changed = !JsonNode.DeepEquals(present, merged);
        owners.Set(self, new OwnedFields(set.Except(Unowned), request.ApiVersion, changed ? ManagedFields.Stamp(request.Now) : last?.Time));
        return changed ? merged.AsObject() : null;
    }

    /// <summary>Moves what was changed between two states to the manager that changed it.</summary>
    private static void Track(JsonObject before, JsonObject after, ManagedFields owners, OwnershipRequest request, Manager self)
    {
        var compare = Comparison.Of(before, after, request.Schema).Without(request.Reset);
        owners.TakeFromOthers(compare.Changed.Union(compare.Removed), but: null);
        var taken = compare.Changed.Except(Unowned);
        if (!taken.IsEmpty)
        {
            owners.Set(self, new OwnedFields(taken.Union(owners[self]), request.ApiVersion, ManagedFields.Stamp(request.Now)));
        }

        owners.Cap();
    }

    private static JsonNode Prune(JsonNode merged, FieldSet last, FieldSet owned, FieldSchema schema)
    {
        if (last.IsEmpty)
        {
            return merged;
        }

        // What taking away all that was applied last time would leave, plus what somebody owns, stays.
        var mergedSet = FieldsOf.Value(merged, schema);
        var named = mergedSet.WithNamedParents(schema);
        var pruned = Removing.From(merged, last.WithNamedParents(schema), schema);
        var kept = FieldsOf.Value(pruned, schema).WithNamedParents(schema).Union(owned.WithNamedParents(schema));
        pruned = Removing.From(merged, named.Except(kept), schema);

        // Of that, only what this manager itself applied may go; anything unowned that went with it comes back.
        var prunedSet = FieldsOf.Value(pruned, schema).WithNamedParents(schema);
        return Removing.From(merged, named.Except(prunedSet).Intersect(last.WithNamedParents(schema)), schema) ?? new JsonObject();
    }

    private static ManagedFields Start(JsonObject? live, JsonObject written, OwnershipRequest request)
    {
        // Whoever writes a subresource cannot set managedFields. Else they count as given: an empty list or entry resets them, and
        // nothing, or what cannot be read, keeps the stored ones.
        if (request.Subresource.Length == 0 && written.At("metadata", "managedFields") is JsonArray given)
        {
            if (given is [] or [JsonObject { Count: 0 }])
            {
                return new ManagedFields();
            }

            try
            {
                return ManagedFields.Read(given);
            }
            catch (FormatException)
            {
                // Kept as stored, as the API server does.
            }
        }

        return ReadLive(live);
    }

    private static ManagedFields ReadLive(JsonObject? live)
    {
        try
        {
            return ManagedFields.Of(live);
        }
        catch (FormatException)
        {
            // Written before this server checked them, or by hand into the state folder: unreadable entries own nothing.
            return new ManagedFields();
        }
    }

    private static JsonObject? Bare(JsonObject? obj)
    {
        if (obj is null)
        {
            return null;
        }

        var bare = obj.DeepClone().AsObject();
        (bare["metadata"] as JsonObject)?.Remove("managedFields");
        return bare;
    }
}
