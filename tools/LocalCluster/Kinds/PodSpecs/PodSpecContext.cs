using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>What checks of a part of a pod spec need to know of the rest.</summary>
internal sealed record PodSpecContext(JsonObject Spec, string At, IReadOnlySet<string> Volumes)
{
    /// <summary>Whether the pod shares the node's users; with users of its own more is allowed.</summary>
    public bool HostUsers => Spec.Flag("hostUsers") != false;

    public long? Grace => Spec.Number("terminationGracePeriodSeconds");

    public string? OperatingSystem => Spec.Text("os", "name");

    public string RestartPolicy => Spec.Text("restartPolicy") ?? "";

    /// <summary>Names of the resource claims of the pod.</summary>
    public IReadOnlyList<string> Claims { get; } = [.. Spec.Objects("resourceClaims").Select(c => c.Text("name") ?? "")];
}
