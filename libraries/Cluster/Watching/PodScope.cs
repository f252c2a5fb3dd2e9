using k8s.Models;
using Workspaces.Cluster.Naming;

namespace Workspaces.Cluster.Watching;

/// <summary>Which pods a worker watches, and which workspaces a pod says it belongs to.</summary>
public sealed record PodScope
{
    /// <summary>Namespace to watch; <see langword="null"/>: all of them.</summary>
    public string? Namespace { get; init; }

    /// <summary>Label selector.</summary>
    public required string Selector { get; init; }

    /// <summary>Ids in the labels of a pod.</summary>
    public required Func<V1Pod, IEnumerable<string>> WorkspacesOf { get; init; }

    /// <summary>Pods of standalone workspaces.</summary>
    public static PodScope Standalone(string ns) => new()
    {
        Namespace = ns,
        Selector = $"{WorkspaceLabels.Workspace},{WorkspaceLabels.Model}=standalone",
        WorkspacesOf = pod => pod.GetLabel(WorkspaceLabels.Workspace) is { Length: > 0 } id ? [id] : [],
    };

    /// <summary>Pods of workloads that carry injected workspaces, in any namespace.</summary>
    public static PodScope Injected() => new()
    {
        Selector = $"{WorkspaceLabels.Injected}=true",
        WorkspacesOf = pod => (pod.Labels() ?? new Dictionary<string, string>()).Keys
            .Where(key => key.EndsWith(WorkspaceLabels.InstanceSuffix, StringComparison.Ordinal))
            .Select(key => key[..^WorkspaceLabels.InstanceSuffix.Length]),
    };
}
