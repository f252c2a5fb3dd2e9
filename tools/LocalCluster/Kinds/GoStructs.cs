using System.Text;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>
/// How the API server shows a whole object as a wrong value: by the names of its own types, with null for what is not set.
/// </summary>
internal static class GoStructs
{
    public static string SecurityContext(JsonNode? context) => Of(
        ("Capabilities", context.At("capabilities") is { } c ? Of(("Add", Any(c["add"])), ("Drop", Any(c["drop"]))) : "null"),
        ("Privileged", Any(context.At("privileged"))),
        ("SELinuxOptions", context.At("seLinuxOptions") is { } s
            ? Of(("User", Text(s, "user")), ("Role", Text(s, "role")), ("Type", Text(s, "type")), ("Level", Text(s, "level")))
            : "null"),
        ("WindowsOptions", context.At("windowsOptions") is { } w
            ? Of(
                ("GMSACredentialSpecName", Any(w["gmsaCredentialSpecName"])), ("GMSACredentialSpec", Any(w["gmsaCredentialSpec"])),
                ("RunAsUserName", Any(w["runAsUserName"])), ("HostProcess", Any(w["hostProcess"])))
            : "null"),
        ("RunAsUser", Any(context.At("runAsUser"))), ("RunAsGroup", Any(context.At("runAsGroup"))), ("RunAsNonRoot", Any(context.At("runAsNonRoot"))),
        ("ReadOnlyRootFilesystem", Any(context.At("readOnlyRootFilesystem"))), ("AllowPrivilegeEscalation", Any(context.At("allowPrivilegeEscalation"))),
        ("ProcMount", Any(context.At("procMount"))), ("SeccompProfile", context.At("seccompProfile") is { } p ? Seccomp(p) : "null"),
        ("AppArmorProfile", context.At("appArmorProfile") is { } a ? Seccomp(a) : "null"));

    public static string Seccomp(JsonNode profile) => Of(("Type", Text(profile, "type")), ("LocalhostProfile", Any(profile["localhostProfile"])));

    public static string Strategy(JsonNode? strategy, Func<JsonNode, string> rolling) =>
        Of(("Type", Text(strategy, "type")), ("RollingUpdate", strategy.At("rollingUpdate") is { } r ? rolling(r) : "null"));

    public static string PartitionUpdate(JsonNode rolling) => Of(("Partition", Any(rolling["partition"]) is "null" ? "0" : Any(rolling["partition"])), ("MaxUnavailable", Any(rolling["maxUnavailable"])));

    public static string SurgeUpdate(JsonNode rolling) => Of(("MaxUnavailable", Any(rolling["maxUnavailable"])), ("MaxSurge", Any(rolling["maxSurge"])));

    public static string Budget(JsonNode? spec) => Of(
        ("MinAvailable", Any(spec.At("minAvailable"))), ("Selector", Selector(spec.At("selector"))), ("MaxUnavailable", Any(spec.At("maxUnavailable"))),
        ("UnhealthyPodEvictionPolicy", Any(spec.At("unhealthyPodEvictionPolicy"))));

    public static string RoleRef(JsonNode? role) => Of(("APIGroup", Text(role, "apiGroup")), ("Kind", Text(role, "kind")), ("Name", Text(role, "name")));

    public static string ServicePort(string protocol, long port) => Of(
        ("Name", "\"\""), ("Protocol", FieldError.Quote(protocol)), ("AppProtocol", "null"), ("Port", $"{port}"), ("TargetPort", "0"), ("NodePort", "0"));

    public static string ScopeSelector(JsonNode? selector) => Of(("MatchExpressions", "[" + string.Join(",", selector.Objects("matchExpressions").Select(e =>
        Of(("ScopeName", Text(e, "scopeName")), ("Operator", Text(e, "operator")), ("Values", Any(e["values"]))))) + "]"));

    /// <summary>A label selector is shown by the names of the API.</summary>
    public static string Selector(JsonNode? selector)
    {
        if (selector is not JsonObject given)
        {
            return "null";
        }

        var shown = new JsonObject();
        if (given["matchLabels"] is JsonObject { Count: > 0 } labels)
        {
            shown["matchLabels"] = labels.DeepClone();
        }

        if (given.Objects("matchExpressions").ToList() is { Count: > 0 } expressions)
        {
            shown["matchExpressions"] = new JsonArray([.. expressions.Select(e => (JsonNode)Ordered(e, "key", "operator", "values"))]);
        }

        return Any(shown);
    }

    /// <summary>The fields of an object that are set, in the order of the API's types.</summary>
    public static JsonObject Ordered(JsonObject obj, params IEnumerable<string> fields)
    {
        var result = new JsonObject();
        foreach (var field in fields)
        {
            if (obj[field] is { } value)
            {
                result[field] = value.DeepClone();
            }
        }

        return result;
    }

    public static string Any(JsonNode? node) => node?.ToJsonString(ApiJson.Options) ?? "null";

    private static string Text(JsonNode? node, string field) => FieldError.Quote(node.Text(field));

    private static string Of(params IEnumerable<(string Name, string Value)> fields)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in fields)
        {
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(name).Append("\":").Append(value);
        }

        return text.Append('}').ToString();
    }
}
