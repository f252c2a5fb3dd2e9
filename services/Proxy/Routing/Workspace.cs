using Workspaces.Contracts;

namespace Workspaces.Proxy.Routing;

/// <summary>A workspace, as far as routing goes; immutable.</summary>
/// <param name="Identity">What never changes about it.</param>
/// <param name="Status">Where it stands.</param>
public sealed record Workspace(WorkspaceIdentity Identity, WorkspaceStatus Status)
{
    /// <summary>Id of the workspace.</summary>
    public string Id => Identity.Id;

    /// <summary>Whether connections may be led to instances of it: not where it is on its way out.</summary>
    public bool IsRoutable => Status.State is not (WorkspaceState.Stopping or WorkspaceState.Stopped or WorkspaceState.Deleting);
}

/// <summary>What a workspace is, from its request to its deletion.</summary>
/// <param name="Id">Id of the workspace.</param>
/// <param name="Name">Name, unique in the installation among workspaces that are not deleted.</param>
/// <param name="Owner">Name of the user it belongs to.</param>
/// <param name="Blueprint">Name of the blueprint it was made from.</param>
/// <param name="Model">How it runs.</param>
/// <param name="RequestedAt">When it was asked for; known from a snapshot only, the time of that snapshot.</param>
public sealed record WorkspaceIdentity(
    string Id, string Name, string Owner, string Blueprint, WorkspaceModel Model, DateTimeOffset RequestedAt);
