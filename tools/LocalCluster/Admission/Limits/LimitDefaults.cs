using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.Limits;

/// <summary>Puts a LimitRange's defaults into the containers of a pod and says in an annotation what it set.</summary>
internal static class LimitDefaults
{
    public const string Annotation = "kubernetes.io/limit-ranger";

    public static void Apply(JsonObject limitRange, JsonObject pod)
    {
        var requests = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        var limits = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var limit in limitRange.Objects("spec", "limits").Where(l => l.Text("type") == "Container"))
        {
            Take(limit["defaultRequest"], requests);
            Take(limit["default"], limits);
        }

        var said = new List<string>();
        foreach (var container in pod.Objects("spec", "containers"))
        {
            Fill(container, "container", requests, limits, said);
        }

        foreach (var container in pod.Objects("spec", "initContainers"))
        {
            Fill(container, "init container", requests, limits, said);
        }

        if (said.Count > 0)
        {
            pod.Ensure("metadata").Ensure("annotations")[Annotation] = "LimitRanger plugin set: " + string.Join("; ", said);
        }
    }

    private static void Take(JsonNode? defaults, SortedDictionary<string, JsonNode> into)
    {
        foreach (var (name, value) in defaults as JsonObject ?? [])
        {
            into[name] = value!;
        }
    }

    private static void Fill(
        JsonObject container, string what, SortedDictionary<string, JsonNode> requests, SortedDictionary<string, JsonNode> limits, List<string> said)
    {
        Set(container, "requests", "request", what, requests, said);
        Set(container, "limits", "limit", what, limits, said);
    }

    private static void Set(
        JsonObject container, string field, string word, string what, SortedDictionary<string, JsonNode> defaults, List<string> said)
    {
        var given = container.At("resources", field) as JsonObject;
        var missing = defaults.Where(d => given?[d.Key] is null).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var amounts = container.Ensure("resources").Ensure(field);
        foreach (var (name, value) in missing)
        {
            amounts[name] = value.DeepClone();
        }

        said.Add($"{string.Join(", ", missing.Select(m => m.Key))} {word} for {what} {container.Text("name")}");
    }
}
