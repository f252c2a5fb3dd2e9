using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Patching;

/// <summary>JSON Merge Patch (RFC 7386): null removes, objects merge, everything else replaces.</summary>
internal static class MergePatch
{
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject o ? o.DeepClone().AsObject() : [];
        foreach (var (name, change) in changes)
        {
            if (change is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Apply(result[name], change);
            }
        }

        return result;
    }
}
