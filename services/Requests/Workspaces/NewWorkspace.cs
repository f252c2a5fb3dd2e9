using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Requests.Workspaces;

/// <summary>A request for a workspace whose every part has been checked.</summary>
public sealed record NewWorkspace
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required WorkspaceOwner Owner { get; init; }

    public required string RequestedBy { get; init; }

    public required Blueprint Blueprint { get; init; }

    public WorkspaceTarget? Target { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}
