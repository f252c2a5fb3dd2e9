using System.Text.Json.Nodes;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Rendering;

/// <summary>Everything that an injected workspace is rendered from. What depends on the target has been decided before.</summary>
public sealed record InjectionInput
{
    /// <summary>The workspace; its blueprint has the login user in it and nothing that injection does not take.</summary>
    public required WorkspaceInput Workspace { get; init; }

    /// <summary>The workload. A patch names its uid, so that it can only change this very object.</summary>
    public required WorkloadReference Target { get; init; }

    /// <summary>Namespace of the worker's records: of two installations in one cluster, each looks after its own workspaces.</summary>
    public required string RecordNamespace { get; init; }

    /// <summary>Port of the SSH server, free in the target's pods.</summary>
    public required int SshPort { get; init; }

    /// <summary>Whether the container runs as the login user, without any capability.</summary>
    public required bool Unprivileged { get; init; }

    /// <summary>Capabilities that the container keeps as root, because the target's processes have them.</summary>
    public IReadOnlyCollection<string> KeptCapabilities { get; init; } = [];

    /// <summary>Whether the pod template says that processes are shared; not where the owner's pods share the node's.</summary>
    public bool SharesProcesses { get; init; } = true;

    /// <summary>Resources of both containers; absent: none.</summary>
    public JsonObject? Resources { get; init; }
}
