using Workspaces.Contracts;

namespace Workspaces.Cluster.Watching;

/// <summary>What an instance is announced with besides what the pod says.</summary>
public sealed record InstanceContext
{
    /// <summary>Name of the workspace container.</summary>
    public required string Container { get; init; }

    /// <summary>Whether a pod is really this workspace's.</summary>
    public required Func<k8s.Models.V1Pod, bool> IsOurs { get; init; }

    /// <summary>The workload of the pods.</summary>
    public required WorkloadReference Workload { get; init; }

    /// <summary>Port of the SSH server.</summary>
    public required int SshPort { get; init; }

    /// <summary>Public host key line.</summary>
    public required string HostKey { get; init; }

    /// <summary>User that sessions log in as.</summary>
    public required string LoginUser { get; init; }

    /// <summary>Apps in the workspace.</summary>
    public IReadOnlyList<InstanceApp> Apps { get; init; } = [];
}
