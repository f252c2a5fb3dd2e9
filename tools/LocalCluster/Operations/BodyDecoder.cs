using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Kinds;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Operations;

/// <summary>Turns what a client sent into an object in stored form: of the right kind, without unknown fields, defaulted.</summary>
internal static class BodyDecoder
{
    public static JsonObject Decode(JsonObject body, ResourceType type, WriteOptions options)
    {
        var apiVersion = body.Text("apiVersion") ?? type.ApiVersion;
        var kind = body.Text("kind") ?? type.Kind;
        if (apiVersion != type.ApiVersion)
        {
            throw ApiErrors.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({type.ApiVersion})");
        }

        if (kind != type.Kind)
        {
            throw ApiErrors.BadRequest($"{kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: converting ({kind}) to ({type.Kind}): unknown conversion");
        }

        JsonObject result;
        try
        {
            result = new ObjectDecoder(keepEmptyLists: true).Decode(body, SchemaCatalog.Of(type));
        }
        catch (DecodeException e)
        {
            throw ApiErrors.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {e.Message}");
        }

        FieldProblems.OfBody(type.Kind, type.Version, options);
        return Finish(result, body, type);
    }

    /// <summary>The same of what a patch made of an object; <paramref name="shownPatch"/> is how a refusal shows the patch.</summary>
    public static JsonObject DecodePatched(JsonObject patched, ResourceType type, Func<string> shownPatch, WriteOptions options)
    {
        var decoder = new ObjectDecoder(keepEmptyLists: true);
        JsonObject result;
        try
        {
            result = decoder.Decode(patched, SchemaCatalog.Of(type));
        }
        catch (DecodeException e)
        {
            throw ApiErrors.InvalidPatch(shownPatch(), e.Message);
        }

        FieldProblems.OfPatch([.. decoder.UnknownFields.Select(f => $"unknown field \"{f}\"")], shownPatch, options);
        return Finish(result, patched, type);
    }

    /// <summary>The same of what an apply made: its own fields are known, and what was there is.</summary>
    public static JsonObject DecodeApplied(JsonObject merged, ResourceType type) => Finish(new ObjectDecoder(keepEmptyLists: true).Decode(merged, SchemaCatalog.Of(type)), merged, type);

    /// <summary>Names the kind at the head of the object, where a reader looks for it, and sets defaults.</summary>
    private static JsonObject Finish(JsonObject obj, JsonObject given, ResourceType type)
    {
        obj.Remove("apiVersion");
        obj.Remove("kind");
        obj.Insert(0, "apiVersion", type.ApiVersion);
        obj.Insert(0, "kind", type.Kind);
        KindCatalog.Of(type).Default(obj);
        if (given.At("metadata", "managedFields") is JsonArray { Count: 0 })
        {
            // Not nothing: it resets them.
            obj.Ensure("metadata")["managedFields"] = new JsonArray();
        }

        return obj;
    }
}
