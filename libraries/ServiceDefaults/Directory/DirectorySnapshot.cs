using Workspaces.Contracts;

namespace Workspaces.ServiceDefaults.Directory;

/// <summary>
/// Answer of <c>GET /internal/v1/directory</c>: what a Proxy must know to route, each item with its version. A Proxy reads it
/// after its queue is bound and lets newer events win over it.
/// </summary>
public sealed record DirectorySnapshot
{
    /// <summary>All users that may log in.</summary>
    public required IReadOnlyList<DirectoryUser> Users { get; init; }

    /// <summary>All workspaces that are not deleted.</summary>
    public required IReadOnlyList<DirectoryWorkspace> Workspaces { get; init; }

    /// <summary>All instances that are up.</summary>
    public required IReadOnlyList<InstanceUp> Instances { get; init; }
}

/// <summary>A user and the keys that log in as them.</summary>
/// <param name="Name">User name.</param>
/// <param name="Version">Version of the key set, as in <see cref="UserKeysChanged.Version"/>.</param>
/// <param name="Keys">OpenSSH public key lines, without options and comments.</param>
public sealed record DirectoryUser(string Name, long Version, IReadOnlyList<string> Keys);

/// <summary>A workspace, as far as routing goes.</summary>
/// <param name="Id">Workspace id.</param>
/// <param name="Name">Workspace name.</param>
/// <param name="Owner">Name of the owner.</param>
/// <param name="Blueprint">Name of the blueprint.</param>
/// <param name="Model">Model.</param>
/// <param name="Generation">Newest generation of desired state.</param>
/// <param name="State">State, one of the names in the HTTP API.</param>
public sealed record DirectoryWorkspace(
    string Id, string Name, string Owner, string Blueprint, WorkspaceModel Model, long Generation, WorkspaceState State);
