using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Cluster.Rendering;

/// <summary>Everything that the objects of one workspace are rendered from.</summary>
public sealed record WorkspaceInput
{
    /// <summary>Workspace id.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>Generation that is applied.</summary>
    public required long Generation { get; init; }

    /// <summary>Workspace name.</summary>
    public required string Name { get; init; }

    /// <summary>Owner.</summary>
    public required WorkspaceOwner Owner { get; init; }

    /// <summary>The resolved blueprint.</summary>
    public required Blueprint Blueprint { get; init; }

    /// <summary>Public host key line; filled in by whoever makes or finds the key.</summary>
    public string HostKey { get; init; } = "";

    /// <summary>How it runs; said by a label on each object.</summary>
    public WorkspaceModel Model { get; init; } = WorkspaceModel.Standalone;

    /// <summary>The workload that the objects go with, should nobody else remove them; absent: they belong to nothing.</summary>
    public WorkloadReference? OwnedBy { get; init; }

    /// <summary>Namespace of the objects.</summary>
    public required string Namespace { get; init; }

    /// <summary>Names of the claims behind the storages of type <c>volume</c>, by storage name.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = new Dictionary<string, string>();

    /// <summary>1 to run, 0 to be stopped.</summary>
    public int Replicas { get; init; } = 1;
}
