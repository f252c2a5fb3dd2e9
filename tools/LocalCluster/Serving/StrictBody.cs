using System.Text;
using System.Text.Json;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Schemas;
using YamlDotNet.Core;

namespace Workspaces.LocalCluster.Serving;

/// <summary>What strict field validation objects to in a body as it came over the wire. The body can be read: that was tried before.</summary>
internal static class StrictBody
{
    private static readonly FieldSchema Operations = new(FieldKind.List) { Element = Operation() };

    /// <summary>Unknown and repeated fields of an object in JSON or YAML.</summary>
    public static IReadOnlyList<string> OfObject(byte[] body, string mediaType, FieldSchema schema)
    {
        if (mediaType == "application/vnd.kubernetes.protobuf" || body.Length == 0)
        {
            return [];
        }

        if (RequestBody.IsJson(body))
        {
            return StrictFields.Problems(body, schema);
        }

        var (node, duplicates) = YamlToJson.Parse(Encoding.UTF8.GetString(body));
        return [.. OfYaml(duplicates), .. StrictFields.Problems(JsonSerializer.SerializeToUtf8Bytes(node, ApiJson.Options), schema)];
    }

    /// <summary>Repeated fields of a patch. An apply is YAML, whatever it looks like; unknown fields of the others show in the patched object.</summary>
    public static IReadOnlyList<string> OfPatch(byte[] body, string mediaType)
    {
        if (mediaType == ObjectPatcher.JsonPatchType)
        {
            return [.. StrictFields.Problems(body, Operations).Select(p => $"json patch {p}")];
        }

        if (mediaType != ObjectPatcher.ApplyPatchType)
        {
            return StrictFields.Problems(body, null);
        }

        if (RequestBody.IsJson(body) && StrictFields.Problems(body, null).Count == 0)
        {
            return [];
        }

        try
        {
            return OfYaml(YamlToJson.Parse(Encoding.UTF8.GetString(body)).Duplicates);
        }
        catch (YamlException)
        {
            // JSON that is no YAML (an escaped surrogate, say): told apart by its own reader.
            return StrictFields.Problems(body, null);
        }
    }

    private static IReadOnlyList<string> OfYaml(IReadOnlyList<string> duplicates) =>
        duplicates.Count == 0 ? [] : [FieldProblems.YamlPrefix + string.Join('\n', duplicates.Select(d => "  " + d))];

    private static FieldSchema Operation()
    {
        var schema = new FieldSchema(FieldKind.Struct) { Name = "jsonPatchOp" };
        foreach (var name in new[] { "op", "from", "path" })
        {
            schema.Fields[name] = new FieldSchema(FieldKind.Text);
        }

        schema.Fields["value"] = new FieldSchema(FieldKind.Any);
        return schema;
    }
}
