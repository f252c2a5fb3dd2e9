using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Serving;

namespace Workspaces.LocalCluster.Tables;

/// <summary>Makes the Table form of objects, from which kubectl prints without knowing the kind.</summary>
internal static class TableWriter
{
    public static JsonObject Of(ResourceType type, IEnumerable<JsonObject> objects, bool wholeObjects, JsonObject metadata)
    {
        var columns = TableColumns.Of(type);
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["columnDefinitions"] = new JsonArray([.. columns.Select(c => (JsonNode)new JsonObject
            {
                ["name"] = c.Name,
                ["type"] = c.Type,
                ["format"] = c.Name == "Name" ? "name" : "",
                ["description"] = "",
                ["priority"] = c.Wide ? 1 : 0,
            })]),
            ["rows"] = new JsonArray([.. objects.Select(o => (JsonNode)new JsonObject
            {
                ["cells"] = new JsonArray([.. columns.Select(c => c.Value(o))]),
                ["object"] = wholeObjects ? o.DeepClone() : RequestedForm.MetadataOf(o),
            })]),
        };
    }
}
