using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Selecting;

/// <summary>
/// A field selector, such as <c>spec.nodeName=n1,status.phase!=Running</c>. Which fields can be selected is fixed for each kind; another is a 400.
/// </summary>
public sealed class FieldSelector
{
    private static readonly Dictionary<ResourceType, string[]> Selectable = new()
    {
        [ResourceTypes.Pods] =
        [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase", "status.podIP",
            "status.nominatedNodeName",
        ],
        [ResourceTypes.Events] =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        [ResourceTypes.Secrets] = ["type"],
        [ResourceTypes.Namespaces] = ["status.phase"],
        [ResourceTypes.Nodes] = ["spec.unschedulable"],
        [ResourceTypes.Services] = ["spec.clusterIP", "spec.type"],
    };

    private readonly List<(string[] Path, string Value, bool Equal)> _terms;

    private FieldSelector(List<(string[], string, bool)> terms) => _terms = terms;

    public static FieldSelector Everything { get; } = new([]);

    public bool IsEmpty => _terms.Count == 0;

    public static FieldSelector Parse(ResourceType type, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Everything;
        }

        var terms = new List<(string[], string, bool)>();
        foreach (var term in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equal = !term.Contains("!=", StringComparison.Ordinal);
            var parts = term.Split(equal ? term.Contains("==", StringComparison.Ordinal) ? "==" : "=" : "!=", 2);
            if (parts.Length != 2)
            {
                throw ApiErrors.BadRequest($"invalid selector: '{text}'; can't understand '{term}'");
            }

            if (parts[0] is not ("metadata.name" or "metadata.namespace") && !Selectable.GetValueOrDefault(type, []).Contains(parts[0]))
            {
                // Kinds that name their fields say that it is not one of them, the others which they have.
                throw ApiErrors.BadRequest(Selectable.ContainsKey(type)
                    ? $"field label not supported: {parts[0]}"
                    : $"\"{parts[0]}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
            }

            terms.Add((parts[0].Split('.'), parts[1], equal));
        }

        return new FieldSelector(terms);
    }

    public bool Matches(JsonObject obj) => _terms.TrueForAll(t => (Read(obj, t.Path) == t.Value) == t.Equal);

    /// <summary>The one name that can match, where the selector names one: then nothing else need be looked at.</summary>
    public string? OnlyName => _terms.Find(t => t.Equal && t.Path is ["metadata", "name"]).Value;

    private static string Read(JsonObject obj, string[] path) =>
        path is ["source"] ? obj.Text("source", "component") ?? "" : obj.At(path) is { } value ? value.ToString() : path[^1] is "unschedulable" or "hostNetwork" ? "false" : "";
}
