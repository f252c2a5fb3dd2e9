using Workspaces.Contracts;

namespace Workspaces.Proxy.LoginNames;

/// <summary>What a login name means for the user whose key logs in: which workspace, which of its replicas, how to make it.</summary>
/// <param name="Owner">The key's user.</param>
/// <param name="Workspace">Name of the workspace.</param>
/// <param name="Replica">Which replica; none: the Proxy picks.</param>
/// <param name="Recipe">How to make the workspace if it does not exist; none: the login does not say.</param>
/// <param name="PosixUser">User to log in as inside; none: the workspace's own.</param>
public sealed record WorkspaceWish(string Owner, string Workspace, ReplicaSelector? Replica, WorkspaceRecipe? Recipe, string? PosixUser);

/// <summary>How to make a workspace.</summary>
/// <param name="Blueprint">Name of the blueprint.</param>
/// <param name="Target">The workload to go into; none: standalone.</param>
public sealed record WorkspaceRecipe(string Blueprint, WorkspaceTarget? Target);
