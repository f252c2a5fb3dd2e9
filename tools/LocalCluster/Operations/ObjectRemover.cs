using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Kinds;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Operations;

/// <summary>
/// Deletes: at once, or in steps where the object has finalizers, dependents to wait for, or a node that must first end its processes.
/// </summary>
internal sealed class ObjectRemover(ObjectStore store, TimeProvider clock)
{
    private const string Foreground = "foregroundDeletion";
    private const string Orphan = "orphan";

    /// <summary>The object's last or present state, and whether it is gone.</summary>
    public (JsonObject Object, bool Gone) Delete(ResourceType type, string? ns, string name, DeleteOptions options)
    {
        lock (store.Gate)
        {
            var stored = store.Get(type, ns, name) ?? throw ApiErrors.NotFound(type, name);
            CheckPreconditions(stored, options);
            var policy = options.PropagationPolicy ?? "Background";
            if (policy is not ("Background" or "Foreground" or "Orphan"))
            {
                throw ApiErrors.Invalid("DeleteOptions", "meta.k8s.io", "", [FieldError.NotSupported("propagationPolicy", FieldError.Quote(policy), "Foreground", "Background", "Orphan", "nil")]);
            }

            var obj = stored.Copy();
            var metadata = obj["metadata"]!.AsObject();
            var changed = SetPolicyFinalizers(metadata, policy, options);
            changed |= BeginGrace(type, obj, metadata, options, out var waitsForNode);
            var finalizers = metadata["finalizers"] as JsonArray;
            var waits = waitsForNode || finalizers is { Count: > 0 } || obj.At("spec", "finalizers") is JsonArray { Count: > 0 };
            if (!waits)
            {
                return options.DryRun ? (obj, true) : (store.Remove(stored).Copy(), true);
            }

            if (metadata["deletionTimestamp"] is null)
            {
                SetDeleted(type, obj, metadata, 0);
                changed = true;
            }

            return changed && !options.DryRun ? (store.Put(type, obj).Copy(), false) : (obj, false);
        }
    }

    private static void CheckPreconditions(StoredObject stored, DeleteOptions options)
    {
        if (options.PreconditionUid is { } uid && uid != stored.Uid)
        {
            throw ApiErrors.Conflict(
                stored.Type, stored.Name,
                $"the UID in the precondition ({uid}) does not match the UID in record ({stored.Uid}). The object might have been deleted and then recreated", stored.Type.Kind);
        }

        var version = stored.ResourceVersion.ToString(CultureInfo.InvariantCulture);
        if (options.PreconditionResourceVersion is { } wanted && wanted != version)
        {
            throw ApiErrors.Conflict(
                stored.Type, stored.Name,
                $"the ResourceVersion in the precondition ({wanted}) does not match the ResourceVersion in record ({version}). The object might have been modified", stored.Type.Kind);
        }
    }

    /// <summary>The garbage collector acts on these finalizers and takes them away.</summary>
    private static bool SetPolicyFinalizers(JsonObject metadata, string policy, DeleteOptions options)
    {
        // A deletion that names no policy keeps the one that an earlier request set.
        if (options.PropagationPolicy is null)
        {
            return false;
        }

        var before = (metadata["finalizers"] as JsonArray)?.Select(f => (string)f!).ToList() ?? [];
        var after = before.Where(f => f is not (Foreground or Orphan)).ToList();
        if (policy == "Foreground")
        {
            after.Add(Foreground);
        }
        else if (policy == "Orphan")
        {
            after.Add(Orphan);
        }

        if (after.SequenceEqual(before))
        {
            return false;
        }

        metadata.Remove("finalizers");
        if (after.Count > 0)
        {
            metadata["finalizers"] = new JsonArray([.. after.Select(f => (JsonNode)f)]);
        }

        return true;
    }

    private bool BeginGrace(ResourceType type, JsonObject obj, JsonObject metadata, DeleteOptions options, out bool waitsForNode)
    {
        waitsForNode = false;
        if (KindCatalog.Of(type).GracePeriod(obj, options.GracePeriodSeconds) is not { } grace)
        {
            return false;
        }

        long? present = metadata["deletionTimestamp"] is null ? null : metadata.Number("deletionGracePeriodSeconds") ?? 0;
        if (present is not null && options.GracePeriodSeconds is null)
        {
            grace = present.Value;
        }

        waitsForNode = grace > 0;
        if (present is null && grace > 0)
        {
            SetDeleted(type, obj, metadata, grace);
            return true;
        }

        if (present is not null && grace < present)
        {
            // A later request can only shorten the wait.
            metadata["deletionGracePeriodSeconds"] = grace;
            metadata["deletionTimestamp"] = Stamp(DateTimeOffset.Parse(metadata.Text("deletionTimestamp")!, CultureInfo.InvariantCulture).AddSeconds(grace - present.Value));
            return true;
        }

        if (present is not null)
        {
            waitsForNode = present > 0;
        }

        return false;
    }

    private void SetDeleted(ResourceType type, JsonObject obj, JsonObject metadata, long grace)
    {
        metadata["deletionTimestamp"] = Stamp(clock.GetUtcNow().AddSeconds(grace));
        metadata["deletionGracePeriodSeconds"] = grace;
        if (metadata.Number("generation") is > 0 and var generation)
        {
            metadata["generation"] = generation + 1;
        }

        if (type == ResourceTypes.Namespaces)
        {
            obj.Ensure("status")["phase"] = "Terminating";
        }
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
