using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Tables;

/// <summary>How values are shown in tables.</summary>
internal static class Cells
{
    /// <summary>How long ago a time was, as kubectl says it: 5s, 3m12s, 4h5m, 2d.</summary>
    public static string Age(string? time) =>
        time is null ? "<unknown>" : Duration(DateTimeOffset.UtcNow - DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));

    public static string Duration(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        if (seconds < -1)
        {
            return "<invalid>";
        }

        if (seconds < 0)
        {
            return "0s";
        }

        if (seconds < 120)
        {
            return $"{seconds}s";
        }

        var minutes = seconds / 60;
        if (minutes < 10)
        {
            return seconds % 60 == 0 ? $"{minutes}m" : $"{minutes}m{seconds % 60}s";
        }

        if (minutes < 180)
        {
            return $"{minutes}m";
        }

        var hours = minutes / 60;
        if (hours < 8)
        {
            return minutes % 60 == 0 ? $"{hours}h" : $"{hours}h{minutes % 60}m";
        }

        if (hours < 48)
        {
            return $"{hours}h";
        }

        var days = hours / 24;
        if (days < 8)
        {
            return hours % 24 == 0 ? $"{days}d" : $"{days}d{hours % 24}h";
        }

        if (days < 730)
        {
            return $"{days}d";
        }

        return days < 2920 ? days % 365 == 0 ? $"{days / 365}y" : $"{days / 365}y{days % 365}d" : $"{days / 365}y";
    }

    public static string OrNone(string? text) => string.IsNullOrEmpty(text) ? "<none>" : text;

    public static long Status(JsonObject obj, string field) => obj.Number("status", field) ?? 0;

    public static long Count(JsonNode? map) => (map as JsonObject)?.Count ?? 0;

    public static string Joined(IEnumerable<string> values, string none)
    {
        // More than three are counted rather than shown.
        var all = values.ToList();
        return all.Count == 0 ? none : all.Count <= 3 ? string.Join(",", all) : $"{string.Join(",", all.Take(3))} + {all.Count - 3} more...";
    }

    /// <summary>A map of labels, or the matchLabels and matchExpressions of a selector.</summary>
    public static string Labels(JsonNode? selector)
    {
        if (selector is not JsonObject { Count: > 0 } fields)
        {
            return "<none>";
        }

        var plain = fields["matchLabels"] is JsonObject || fields["matchExpressions"] is not null ? fields["matchLabels"] as JsonObject : fields;
        var terms = (plain ?? []).Select(p => $"{p.Key}={p.Value}").Concat(fields.Objects("matchExpressions").Select(Expression));
        return string.Join(",", terms);
    }

    public static string ServicePorts(JsonObject service)
    {
        var ports = service.Objects("spec", "ports")
            .Select(p => p.Number("nodePort") is > 0 and var node ? $"{p.Number("port")}:{node}/{p.Text("protocol")}" : $"{p.Number("port")}/{p.Text("protocol")}");
        return OrNone(string.Join(",", ports));
    }

    public static string EndpointAddresses(JsonObject endpoints) => Joined(
        endpoints.Objects("subsets").SelectMany(s => s.Objects("addresses").SelectMany(a => s.Objects("ports").Select(p => $"{a.Text("ip")}:{p.Number("port")}"))), "<none>");

    public static string Modes(JsonNode? modes) => string.Join(",", (modes as JsonArray ?? []).Select(m => (string?)m switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        var other => other,
    }));

    public static string NodeStatus(JsonObject node)
    {
        var ready = node.Objects("status", "conditions").FirstOrDefault(c => c.Text("type") == "Ready")?.Text("status");
        var status = ready switch { "True" => "Ready", "False" => "NotReady", _ => "Unknown" };
        return node.Flag("spec", "unschedulable") == true ? status + ",SchedulingDisabled" : status;
    }

    public static string NodeAddress(JsonObject node) =>
        node.Objects("status", "addresses").FirstOrDefault(a => a.Text("type") == "InternalIP")?.Text("address") ?? "<none>";

    public static string QuotaUse(JsonObject quota, bool limits) => string.Join(", ", (quota.At("status", "hard") as JsonObject ?? [])
        .Where(h => h.Key.StartsWith("limits.", StringComparison.Ordinal) == limits)
        .OrderBy(h => h.Key, StringComparer.Ordinal)
        .Select(h => $"{h.Key}: {quota.Text("status", "used", h.Key) ?? "0"}/{h.Value}"));

    private static string Expression(JsonObject expression)
    {
        var values = string.Join(",", (expression["values"] as JsonArray ?? []).Select(v => (string?)v));
        return expression.Text("operator") switch
        {
            "In" => $"{expression.Text("key")} in ({values})",
            "NotIn" => $"{expression.Text("key")} notin ({values})",
            "Exists" => expression.Text("key") ?? "",
            _ => $"!{expression.Text("key")}",
        };
    }
}
