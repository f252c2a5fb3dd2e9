using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Patching;

/// <summary>How the API server shows a strategic merge patch in a refusal: as Go prints a map, <c>map[spec:map[replicas:1]]</c>.</summary>
internal static class GoText
{
    public static string Of(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(node, text);
        return text.ToString();
    }

    private static void Write(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case null:
                text.Append("<nil>");
                break;
            case JsonObject map:
                text.Append("map[");
                Separated(map.OrderBy(p => p.Key, StringComparer.Ordinal), text, p => Write(p.Value, text.Append(p.Key).Append(':')));
                text.Append(']');
                break;
            case JsonArray list:
                text.Append('[');
                Separated(list, text, item => Write(item, text));
                text.Append(']');
                break;
            default:
                text.Append(node.GetValueKind() switch
                {
                    JsonValueKind.String => (string)node!,
                    JsonValueKind.True => "true",
                    JsonValueKind.False => "false",
                    _ => node.ToJsonString(),
                });
                break;
        }
    }

    private static void Separated<T>(IEnumerable<T> items, StringBuilder text, Action<T> write)
    {
        var first = true;
        foreach (var item in items)
        {
            if (!first)
            {
                text.Append(' ');
            }

            first = false;
            write(item);
        }
    }
}
