using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Patching;

/// <summary>The directive $patch of strategic merge patches.</summary>
internal static class PatchDirectives
{
    public const string Marker = "$patch";
    public const string Replace = "replace";
    public const string Delete = "delete";
    public const string Merge = "merge";

    public static string? Of(JsonNode? directive) => directive is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static ApiStatusException Unknown(JsonNode? directive, JsonObject patch) =>
        StrategicMergePatch.Failed($"unknown patch type: {GoErrors.Plain(directive)} in map: {GoErrors.Plain(patch)}");

    public static string TypeOf(JsonNode? value) => value is null ? "%!s(<nil>)" : GoErrors.TypeName(value);

    /// <summary>Takes directives out of what a patch adds; false where all of it is one.</summary>
    public static bool TryRemove(ref JsonNode value)
    {
        switch (value)
        {
            case JsonObject o when o.ContainsKey(Marker):
                return false;
            case JsonObject o:
                foreach (var (name, child) in o.ToList())
                {
                    var kept = child;
                    if (kept is not null && !TryRemove(ref kept!))
                    {
                        o.Remove(name);
                    }
                }

                return true;
            case JsonArray a:
                for (var i = a.Count - 1; i >= 0; i--)
                {
                    var kept = a[i];
                    if (kept is not null && !TryRemove(ref kept!))
                    {
                        a.RemoveAt(i);
                    }
                }

                return true;
            default:
                return true;
        }
    }

    /// <summary>Takes nulls out of what a patch adds where nothing was.</summary>
    public static void DiscardNulls(JsonNode? value)
    {
        if (value is JsonObject fields)
        {
            foreach (var (name, child) in fields.ToList())
            {
                if (child is null)
                {
                    fields.Remove(name);
                }
                else
                {
                    DiscardNulls(child);
                }
            }
        }
        else if (value is JsonArray items)
        {
            foreach (var item in items)
            {
                DiscardNulls(item);
            }
        }
    }
}
