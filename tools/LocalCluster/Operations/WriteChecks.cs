using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Kinds;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Operations;

/// <summary>What a written object must agree with: the request's namespace and name, the version and uid that it names, and the rules of its kind.</summary>
internal static class WriteChecks
{
    /// <summary>The namespace is the request's; an object that names another is refused.</summary>
    public static void SetNamespace(JsonObject obj, ResourceType type, string? ns)
    {
        var metadata = obj.Ensure("metadata");
        var given = metadata.Text("namespace");
        if (!type.Namespaced)
        {
            metadata.Remove("namespace");
            return;
        }

        if (given is { Length: > 0 } && given != ns)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        metadata["namespace"] = ns;
    }

    /// <summary>The name of a written object must be that of the request.</summary>
    public static void Name(JsonObject obj, string name)
    {
        var given = obj.Text("metadata", "name");
        if (string.IsNullOrEmpty(given))
        {
            throw ApiErrors.BadRequest($"the name of the object ({name} based on URL) was undeterminable: name must be provided");
        }

        if (given != name)
        {
            throw ApiErrors.BadRequest($"the name of the object ({given}) does not match the name on the URL ({name})");
        }
    }

    /// <summary>A uid that it names must be that of the stored object.</summary>
    public static void Uid(ResourceType type, string? ns, string name, JsonObject obj, StoredObject? old)
    {
        if (obj.Text("metadata", "uid") is { Length: > 0 } uid && uid != old?.Uid)
        {
            throw ApiErrors.Conflict(
                type, name,
                $"StorageError: invalid object, Code: 4, Key: {StorageKey(type, ns, name)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: "
                + $"UID in precondition: {uid}, UID in object meta: {old?.Uid}");
        }
    }

    /// <summary>A version that it names must be the stored one; some kinds require one.</summary>
    public static void Version(ResourceType type, StoredObject old, JsonObject obj)
    {
        var version = obj.Text("metadata", "resourceVersion");
        if (version is null or "" or "0")
        {
            if (!UpdateStrategy.AllowsUnconditional(type))
            {
                throw ApiErrors.Invalid(type.Plural, type.Group, old.Name, [FieldError.Invalid("metadata.resourceVersion", "0", "must be specified for an update")]);
            }

            return;
        }

        if (!long.TryParse(version, CultureInfo.InvariantCulture, out var number))
        {
            throw new ApiStatusException(500, "", $"strconv.ParseUint: parsing \"{version}\": invalid syntax");
        }

        if (number != old.ResourceVersion)
        {
            throw ApiErrors.Modified(type, old.Name);
        }
    }

    /// <summary>Everything that its kind says of an object, or of a change: 422 with every wrong field.</summary>
    public static void Content(ResourceType type, KindRules rules, JsonObject obj, JsonObject? old, string? subresource = null)
    {
        var errors = new List<FieldError>();
        MetadataRules.Validate(obj, rules, errors);
        rules.Validate(obj, errors);
        if (old is null)
        {
            rules.ValidateCreate(obj, errors);
        }
        else
        {
            MetadataUpdateRules.Validate(obj, old, errors);
            if (subresource is not ("binding" or "ephemeralcontainers"))
            {
                rules.ValidateUpdate(obj, old, errors);
            }
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(type, obj.Text("metadata", "name") ?? "", errors);
        }
    }

    private static string StorageKey(ResourceType type, string? ns, string name) =>
        ns is null ? $"/registry/{type.Plural}/{name}" : $"/registry/{type.Plural}/{ns}/{name}";
}
