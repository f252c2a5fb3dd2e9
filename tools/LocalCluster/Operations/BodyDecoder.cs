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

        var decoder = new ObjectDecoder();
        JsonObject result;
        try
        {
            result = decoder.Decode(body, SchemaCatalog.Of(type));
        }
        catch (DecodeException e)
        {
            throw ApiErrors.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {e.Message}");
        }

        Report(type, [.. decoder.UnknownFields.Select(f => $"unknown field \"{f}\""), .. options.Duplicates.Select(f => $"duplicate field \"{f}\"")], options);
        NameKind(result, type);
        KindCatalog.Of(type).Default(result);
        return result;
    }

    private static void Report(ResourceType type, IReadOnlyList<string> problems, WriteOptions options)
    {
        if (problems.Count == 0 || options.Validation == FieldValidation.Ignore)
        {
            return;
        }

        if (options.Validation == FieldValidation.Strict)
        {
            throw ApiErrors.BadRequest(
                $"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: strict decoding error: {string.Join(", ", problems)}");
        }

        foreach (var problem in problems)
        {
            options.Warnings.Add(problem);
        }
    }

    /// <summary>Names the kind at the head of the object, where a reader looks for it.</summary>
    private static void NameKind(JsonObject obj, ResourceType type)
    {
        obj.Remove("apiVersion");
        obj.Remove("kind");
        obj.Insert(0, "apiVersion", type.ApiVersion);
        obj.Insert(0, "kind", type.Kind);
    }
}
