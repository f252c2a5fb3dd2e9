using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.FieldOwnership;
using Workspaces.LocalCluster.Patching;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Operations;

/// <summary>Changes objects by patches of the four kinds. Apply creates what does not exist; the others answer 404.</summary>
internal sealed class ObjectPatcher(ObjectWriter writer)
{
    public const string JsonPatchType = "application/json-patch+json";
    public const string MergePatchType = "application/merge-patch+json";
    public const string StrategicPatchType = "application/strategic-merge-patch+json";
    public const string ApplyPatchType = "application/apply-patch+yaml";

    public static IReadOnlyList<string> MediaTypes { get; } = [JsonPatchType, MergePatchType, StrategicPatchType, ApplyPatchType];

    public WriteResult Patch(ResourceType type, string? ns, string name, string mediaType, JsonNode? patch, bool force, string? subresource, WriteOptions options)
    {
        lock (writer.Store.Gate)
        {
            if (mediaType == ApplyPatchType)
            {
                return Apply(type, ns, name, patch, force, subresource, options);
            }

            var old = writer.Store.Get(type, ns, name) ?? throw ApiErrors.NotFound(type, name);
            var patched = Merge(old.Copy(), patch, mediaType, SchemaCatalog.Of(type));
            var obj = BodyDecoder.DecodePatched(
                patched, type, () => mediaType == StrategicPatchType ? GoText.Of(patch) : patched.ToJsonString(ApiJson.Options), options);
            WriteChecks.SetNamespace(obj, type, ns);
            OwnershipTracker.Update(old.Json, obj, writer.Ownership(type, options, subresource));
            WriteChecks.Name(obj, name);
            return writer.Replace(type, old, obj, subresource, options);
        }
    }

    /// <summary>The document with the patch laid over it, for parts of objects that have a form of their own (scale).</summary>
    public static JsonObject Merge(JsonObject document, JsonNode? patch, string mediaType, FieldSchema schema) => mediaType switch
    {
        JsonPatchType => JsonPatch.Apply(document, patch),
        MergePatchType => MergePatch.Apply(document, patch as JsonObject ?? throw ApiErrors.BadRequest($"error decoding patch: {GoErrors.NotAMap(patch)}"))!.AsObject(),
        StrategicPatchType => StrategicMergePatch.Apply(document, patch as JsonObject ?? throw ApiErrors.BadRequest(GoErrors.NotAMap(patch)), schema),
        _ => throw UnsupportedMediaType(),
    };

    public static ApiStatusException UnsupportedMediaType() => new(415, "UnsupportedMediaType", "415: Unsupported Media Type", new JsonObject());

    /// <summary>A configuration as it was sent, of the kind that the request is about.</summary>
    public static JsonObject Configuration(JsonNode? patch, string apiVersion, string kind)
    {
        var config = patch?.DeepClone() as JsonObject
            ?? (patch is null ? [] : throw ApiErrors.BadRequest($"error decoding YAML: error unmarshaling JSON: while decoding JSON: {GoErrors.NotAMap(patch)}"));
        var (givenVersion, givenKind) = (config.Text("apiVersion") ?? "", config.Text("kind") ?? "");
        if (givenVersion != apiVersion || givenKind != kind)
        {
            throw ApiErrors.BadRequest($"invalid object type: {GoErrors.Kind(givenVersion, givenKind)}");
        }

        if (config["metadata"] is JsonObject metadata && metadata["managedFields"] is not null)
        {
            throw ApiErrors.BadRequest("metadata.managedFields must be nil");
        }

        return config;
    }

    /// <summary>The refusal of a configuration that cannot be merged.</summary>
    public static ApiStatusException Untyped(JsonObject config, string apiVersion, string kind, OwnershipException e) => new(
        500, "",
        $"failed to create typed patch object ({config.Text("metadata", "namespace")}/{config.Text("metadata", "name")}; {GoErrors.Kind(apiVersion, kind)}): {e.Message}");

    private WriteResult Apply(ResourceType type, string? ns, string name, JsonNode? patch, bool force, string? subresource, WriteOptions options)
    {
        var config = Configuration(patch, type.ApiVersion, type.Kind);
        var old = writer.Store.Get(type, ns, name);
        if (old is null && subresource is not null)
        {
            throw ApiErrors.NotFound(type, name);
        }

        JsonObject applied;
        try
        {
            applied = KubectlApply.Apply(old?.Json, config, writer.Ownership(type, options, subresource), force);
        }
        catch (OwnershipException e)
        {
            throw Untyped(config, type.ApiVersion, type.Kind, e);
        }
        catch (ApplyConflict e)
        {
            throw e.ToStatus();
        }

        // What the merge made is decoded anew: defaults are set for what it left out, and owned by nobody.
        FieldProblems.OfApply(options);
        JsonObject obj;
        try
        {
            obj = BodyDecoder.DecodeApplied(applied, type);
        }
        catch (DecodeException e)
        {
            throw ApiErrors.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {e.Message}");
        }

        if (old is null && obj.Text("metadata", "uid") is { Length: > 0 } uid)
        {
            throw ApiErrors.Conflict(type, name, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        }

        WriteChecks.SetNamespace(obj, type, ns);
        WriteChecks.Name(obj, name);
        return old is null ? writer.Insert(type, obj, options, byUpdate: true) : writer.Replace(type, old, obj, subresource, options);
    }
}
