using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// What an object that does not exist yet counts as: the parts that are always written are there already, so nobody comes to own them as such.
/// </summary>
internal static class NewObject
{
    public static JsonObject Of(JsonObject written, FieldSchema schema)
    {
        var empty = new ObjectDecoder().Decode([], schema);
        empty["apiVersion"] = written["apiVersion"]?.DeepClone();
        empty["kind"] = written["kind"]?.DeepClone();
        return empty;
    }
}
