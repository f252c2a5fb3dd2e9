using System.Globalization;
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
    /// <summary>Fields of metadata that no manager owns.</summary>
    private static readonly FieldSet Unowned = Set(
        ["f:apiVersion"], ["f:kind"], ["f:metadata"], ["f:metadata", "f:name"], ["f:metadata", "f:namespace"], ["f:metadata", "f:creationTimestamp"],
        ["f:metadata", "f:selfLink"], ["f:metadata", "f:uid"], ["f:metadata", "f:generation"], ["f:metadata", "f:managedFields"],
        ["f:metadata", "f:resourceVersion"]);

    private static readonly FieldSet StatusBranch = Set(["f:status"]);

    private static readonly FieldSet AllButStatus = Set(["f:spec"], ["f:metadata"]);

    /// <summary>Records a create, update or patch in <paramref name="written"/>, whose managedFields it sets.</summary>
    public static void Update(JsonObject? live, JsonObject written, OwnershipRequest request)
    {
        var fields = Start(live, written, request);
        var before = Bare(live) ?? Skeleton(written, request.Schema);
        var compare = Comparison.Of(before, Bare(written), request.Schema);
        var counted = compare.Without(Ignored(request));
        var taken = counted.Added.Union(counted.Modified).Except(Unowned);
        foreach (var manager in fields.Managers.ToList())
        {
            var owned = fields[manager];
            var left = owned.Except(counted.Added.Union(counted.Modified)).Except(counted.Removed);
            if (!left.SameAs(owned))
            {
                fields.Set(manager, left);
            }
        }

        if (!taken.IsEmpty)
        {
            var self = request.ManagerFor(Manager.Update);
            fields.Set(self, fields[self].Union(taken), request.Now);
        }

        fields.WriteTo(written);
    }

    /// <summary>
    /// Applies a configuration and returns the whole new object with its managedFields set. 409 with every conflicting field where another
    /// manager owns it with another value and <paramref name="force"/> is false.
    /// </summary>
    public static JsonObject Apply(JsonObject? live, JsonObject config, OwnershipRequest request, bool force)
    {
        var schema = request.Schema;
        TypedValue.Check(config, schema);
        var fields = Start(live, null, request);
        var liveBare = Bare(live) ?? Skeleton(config, schema);
        if (live is not null && fields.IsEmpty)
        {
            // Nobody tracked this object so far: what it holds belongs to whoever came before.
            fields.Set(new Manager("before-first-apply", Manager.Update, request.ApiVersion, ""), TypedValue.Fields(liveBare, schema).Except(Unowned), request.Now);
        }

        // 1. Lay the configuration over the live object.
        var merged = TypedValue.Merge(liveBare, config, schema)!;

        // 2. Take away what this manager applied last time, does not apply now, and nobody else owns.
        var self = request.ManagerFor(Manager.Apply);
        var last = fields[self];
        var set = TypedValue.Fields(config, schema).WithoutBranches(Ignored(request)).Except(Unowned);
        fields.Set(self, set, request.Now);
        merged = Prune(merged, last, fields, schema);

        // 3. Whoever owns a field that this changes is in conflict; what it removes is gone for all.
        var compare = Comparison.Of(liveBare, merged, schema).Without(Ignored(request));
        var changed = compare.Added.Union(compare.Modified);
        var conflicts = fields.Managers.Where(m => m != self)
            .Select(m => (Manager: m, Fields: fields[m].Intersect(changed)))
            .Where(c => !c.Fields.IsEmpty)
            .ToList();
        if (conflicts.Count > 0 && !force)
        {
            throw ApplyConflict.Of(conflicts, fields);
        }

        foreach (var manager in fields.Managers.Where(m => m != self).ToList())
        {
            var owned = fields[manager];
            var left = owned.Except(changed).Except(compare.Removed);
            if (!left.SameAs(owned))
            {
                fields.Set(manager, left);
            }
        }

        var result = merged.AsObject();
        KeepTimeWhenSame(live, fields, self, set, last, compare);
        fields.WriteTo(result);
        return result;
    }

    private static JsonNode Prune(JsonNode merged, FieldSet last, ManagedFields fields, FieldSchema schema)
    {
        if (last.IsEmpty)
        {
            return merged;
        }

        var mergedSet = TypedValue.Fields(merged, schema);
        var owned = fields.Managers.Select(m => fields[m]).Aggregate(FieldSet.Empty, (a, b) => a.Union(b));

        // What taking away all that was applied last time would leave, plus what somebody owns, stays.
        var pruned = TypedValue.Remove(merged, WithNamedParents(last, schema), schema);
        var prunedSet = pruned is null ? FieldSet.Empty : TypedValue.Fields(pruned, schema);
        var gone = WithNamedParents(mergedSet, schema).Except(WithNamedParents(prunedSet, schema).Union(WithNamedParents(owned, schema)));
        pruned = TypedValue.Remove(merged, gone, schema);

        // Of that, only what this manager itself applied may go; anything unowned that went with it comes back.
        prunedSet = pruned is null ? FieldSet.Empty : TypedValue.Fields(pruned, schema);
        return TypedValue.Remove(merged, mergedSet.Except(prunedSet).Intersect(last), schema) ?? new JsonObject();
    }

    /// <summary>An apply that changes nothing keeps its time, so that it does not make a new version of the object.</summary>
    private static void KeepTimeWhenSame(JsonObject? live, ManagedFields fields, Manager self, FieldSet set, FieldSet last, Comparison compare)
    {
        if (live is null || !set.SameAs(last) || !compare.Added.IsEmpty || !compare.Modified.IsEmpty || !compare.Removed.IsEmpty)
        {
            return;
        }

        if (ManagedFields.Of(live).TimeOf(self) is { } time)
        {
            fields.Set(self, set, DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Named fields on the way to a member count as members, entries of maps and items of lists do not.</summary>
    private static FieldSet WithNamedParents(FieldSet set, FieldSchema? schema)
    {
        var result = new FieldSet(set.IsMember);
        foreach (var (element, child) in set.Children)
        {
            var isField = element.StartsWith("f:", StringComparison.Ordinal);
            var childSchema = isField ? schema?.Child(element[2..]) : schema?.Element;
            var below = WithNamedParents(child, childSchema);
            var named = isField && schema?.Kind == FieldKind.Struct && child.Children.Count > 0;
            result.Add(element, named ? below.Union(new FieldSet(isMember: true)) : below);
        }

        return result;
    }

    private static ManagedFields Start(JsonObject? live, JsonObject? written, OwnershipRequest request)
    {
        // A writer may replace managedFields, unless it writes a subresource; one empty entry resets them.
        if (written.At("metadata", "managedFields") is JsonArray { Count: > 0 } given && request.Subresource.Length == 0)
        {
            if (given is [JsonObject { Count: 0 }])
            {
                return new ManagedFields();
            }

            try
            {
                return ManagedFields.Of(written!);
            }
            catch (FormatException)
            {
                // Entries that cannot be read are ignored and the stored ones kept, as the API server does for updates.
            }
        }

        return live is null ? new ManagedFields() : ManagedFields.Of(live);
    }

    private static FieldSet Ignored(OwnershipRequest request) => request.Subresource switch
    {
        "status" => AllButStatus,
        _ when request.HasStatus => StatusBranch,
        _ => FieldSet.Empty,
    };

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

    /// <summary>
    /// What an object that does not exist yet counts as: the objects that are always written are there already, so nobody owns them as such.
    /// </summary>
    private static JsonObject Skeleton(JsonObject written, FieldSchema schema)
    {
        var skeleton = new ObjectDecoder().Decode([], schema);
        skeleton["apiVersion"] = written["apiVersion"]?.DeepClone();
        skeleton["kind"] = written["kind"]?.DeepClone();
        skeleton["metadata"] = new JsonObject();
        foreach (var pod in new[] { skeleton["spec"], skeleton.At("spec", "template", "spec"), skeleton.At("template", "spec") })
        {
            if (pod is JsonObject spec && (pod != skeleton["spec"] || schema.Child("spec")?.Child("containers") is not null))
            {
                // The one list that is written even when there is none.
                spec["containers"] = new JsonArray();
            }
        }

        return skeleton;
    }

    private static FieldSet Set(params ReadOnlySpan<string[]> paths)
    {
        var set = new FieldSet();
        foreach (var path in paths)
        {
            set.Include(path);
        }

        return set;
    }
}
