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

    public WriteResult Patch(ResourceType type, string? ns, string name, string mediaType, JsonNode patch, bool force, string? subresource, WriteOptions options)
    {
        lock (writer.Store.Gate)
        {
            if (mediaType == ApplyPatchType)
            {
                return Apply(type, ns, name, patch, force, subresource, options);
            }

            var old = writer.Store.Get(type, ns, name) ?? throw ApiErrors.NotFound(type, name);
            var patched = Merge(old.Copy(), patch, mediaType, SchemaCatalog.Of(type));
            if (patched.Text("metadata", "name") != name || patched.Text("metadata", "namespace") != ns)
            {
                throw ApiErrors.BadRequest("a patch cannot change the name or namespace of an object");
            }

            var obj = BodyDecoder.DecodePatched(
                patched, type, () => mediaType == StrategicPatchType ? GoText.Of(patch) : patched.ToJsonString(ApiJson.Options), options);
            return writer.Replace(type, old, obj, subresource, options, tracked: false);
        }
    }

    /// <summary>The document with the patch laid over it, for parts of objects that have a form of their own (scale).</summary>
    public static JsonObject Merge(JsonObject document, JsonNode patch, string mediaType, FieldSchema schema) => mediaType switch
    {
        JsonPatchType => JsonPatch.Apply(document, patch as JsonArray ?? throw ApiErrors.BadRequest("a JSON patch is a list of operations")),
        MergePatchType => MergePatch.Apply(document, AsObject(patch))!.AsObject(),
        StrategicPatchType => StrategicMergePatch.Apply(document, AsObject(patch), schema),
        _ => throw ApiErrors.UnsupportedMediaType(
            $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", MediaTypes)}"),
    };

    private WriteResult Apply(ResourceType type, string? ns, string name, JsonNode patch, bool force, string? subresource, WriteOptions options)
    {
        var config = AsObject(patch).DeepClone().AsObject();
        if (config.Text("apiVersion") != type.ApiVersion || config.Text("kind") != type.Kind)
        {
            throw ApiErrors.BadRequest(
                $"incorrect version specified in apply patch. Specified patch version: {config["apiVersion"]}/{config["kind"]}, expected: {type.ApiVersion}/{type.Kind}");
        }

        if (config.At("metadata", "managedFields") is JsonArray { Count: > 0 })
        {
            throw ApiErrors.BadRequest("metadata.managedFields must be nil");
        }

        var metadata = config.Ensure("metadata");
        metadata.Remove("managedFields");
        if (metadata.Text("name") is { } given && given != name)
        {
            throw ApiErrors.BadRequest($"the name of the object ({given}) does not match the name on the URL ({name})");
        }

        metadata["name"] = name;
        ObjectWriter.SetNamespace(config, type, ns);
        var old = writer.Store.Get(type, ns, name);
        if (old is null && subresource is not null)
        {
            throw ApiErrors.NotFound(type, name);
        }

        if (old is null && metadata.Text("uid") is { Length: > 0 } uid)
        {
            throw ApiErrors.Conflict(type, name, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        }

        if (old is not null && old.Json.At("metadata", "uid")!.ToString() != (metadata.Text("uid") ?? old.Uid))
        {
            throw ApiErrors.Conflict(type, name, $"Precondition failed: UID in precondition: {metadata.Text("uid")}, UID in object meta: {old.Uid}");
        }

        JsonObject merged;
        try
        {
            merged = OwnershipTracker.Apply(old?.Json, config, writer.Ownership(type, options, subresource), force);
        }
        catch (OwnershipException e)
        {
            var where = ns is null ? name : $"{ns}/{name}";
            var gvk = type.Group.Length == 0 ? $"/{type.Version}" : type.ApiVersion;
            throw new ApiStatusException(500, "", $"failed to create typed patch object ({where}; {gvk}, Kind={type.Kind}): {e.Message}");
        }

        // What the merge made is decoded anew: defaults are set for what it left out, and owned by nobody.
        FieldProblems.OfApply(options);
        JsonObject decoded;
        try
        {
            decoded = BodyDecoder.DecodeApplied(merged, type);
        }
        catch (DecodeException e)
        {
            throw ApiErrors.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {e.Message}");
        }

        return old is null ? writer.Insert(type, decoded, options) : writer.Replace(type, old, decoded, subresource, options, tracked: true);
    }

    private static JsonObject AsObject(JsonNode patch) => patch as JsonObject ?? throw ApiErrors.BadRequest("the patch is not an object");
}
