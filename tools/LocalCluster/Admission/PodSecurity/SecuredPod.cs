using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>A pod or the pod of a template, as the checks see it.</summary>
internal sealed class SecuredPod(JsonNode? metadata, JsonObject spec)
{
    public JsonObject Spec { get; } = spec;

    public JsonNode? Context => Spec["securityContext"];

    public bool IsWindows => Spec.Text("os", "name") == "windows";

    /// <summary>Root in a user namespace of its own is nobody outside it.</summary>
    public bool HasUserNamespace => Spec.Flag("hostUsers") == false;

    public IReadOnlyList<JsonObject> Containers { get; } = [.. spec.Objects("initContainers"), .. spec.Objects("containers"), .. spec.Objects("ephemeralContainers")];

    public IEnumerable<(string Name, string Value)> Annotations =>
        (metadata.At("annotations") as JsonObject ?? []).Select(a => (a.Key, (string?)a.Value ?? ""));

    /// <summary>Names of the containers of which something holds, in their order.</summary>
    public List<string> Where(Func<JsonObject, bool> holds) => [.. Containers.Where(holds).Select(c => c.Text("name") ?? "")];
}
