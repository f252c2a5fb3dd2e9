namespace Workspaces.Contracts;

/// <summary>
/// A workspace container became usable. An instance is one run of the workspace container: it comes up once and goes down once.
/// Published by the replica watcher.
/// </summary>
public sealed record InstanceUp : IWorkspaceScopedEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <summary>Identity of this run, derived from workspace, pod uid and container id (<see cref="Contracts.InstanceId"/>).</summary>
    public required Guid InstanceId { get; init; }

    /// <summary>The pod it runs in.</summary>
    public required PodReference Pod { get; init; }

    /// <summary>The workload the pod belongs to.</summary>
    public required WorkloadReference Workload { get; init; }

    /// <summary>StatefulSet ordinal, or the suffix of the pod's name.</summary>
    public required string Replica { get; init; }

    /// <summary>TCP port of the SSH server in the pod.</summary>
    public required int SshPort { get; init; }

    /// <summary>Public host key of the instance, one OpenSSH line (<c>ssh-ed25519 AAAA...</c>); no other key may be accepted.</summary>
    public required string HostKey { get; init; }

    /// <summary>POSIX user that sessions log in as; absent: the owner's name.</summary>
    public string? LoginUser { get; init; }

    /// <summary>Apps that run in it.</summary>
    public IReadOnlyList<InstanceApp> Apps { get; init; } = [];
}

/// <summary>An instance is gone, for good. Published by the replica watcher.</summary>
public sealed record InstanceDown : IWorkspaceScopedEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <summary>The instance that went.</summary>
    public required Guid InstanceId { get; init; }

    /// <summary>Why it went.</summary>
    public required InstanceDownReason Reason { get; init; }
}

/// <summary>A pod, as far as reaching it goes.</summary>
/// <param name="Namespace">Namespace of the pod.</param>
/// <param name="Name">Name of the pod.</param>
/// <param name="Uid">Kubernetes uid of the pod.</param>
/// <param name="Ip">IP address of the pod.</param>
/// <param name="Node">Name of the node it runs on.</param>
public sealed record PodReference(string Namespace, string Name, string Uid, string Ip, string Node);

/// <summary>The workload (Deployment, StatefulSet, DaemonSet) that a pod belongs to.</summary>
/// <param name="Kind">Kubernetes kind.</param>
/// <param name="Name">Name of the workload; its namespace is the pod's.</param>
/// <param name="Uid">Kubernetes uid of the workload.</param>
public sealed record WorkloadReference(string Kind, string Name, string Uid);

/// <summary>An app that listens on localhost in the pod.</summary>
/// <param name="Name">Name from the blueprint, a DNS label.</param>
/// <param name="Port">TCP port on localhost.</param>
/// <param name="Protocol"><c>http</c> or <c>tcp</c>.</param>
public sealed record InstanceApp(string Name, int Port, string Protocol);
