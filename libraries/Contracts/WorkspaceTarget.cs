namespace Workspaces.Contracts;

/// <summary>The workload that an injected workspace goes into.</summary>
public sealed record WorkspaceTarget
{
    /// <summary><c>Deployment</c>, <c>StatefulSet</c> or <c>DaemonSet</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Namespace of the workload.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name of the workload.</summary>
    public required string Name { get; init; }

    /// <summary>How the container gets into the pods.</summary>
    public InjectionMode Mode { get; init; } = InjectionMode.Rollout;
}
