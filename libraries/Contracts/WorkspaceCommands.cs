using Workspaces.Contracts.Blueprints;

namespace Workspaces.Contracts;

/// <summary>
/// Somebody asked for a workspace. Carries everything a worker needs: workers look nothing up.
/// Published by Requests; the request is stored before.
/// </summary>
public sealed record WorkspaceRequested : IWorkspaceCommand
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <inheritdoc/>
    public required WorkspaceModel Model { get; init; }

    /// <summary>Name of the workspace, a DNS label unique in the installation.</summary>
    public required string Name { get; init; }

    /// <summary>Who it belongs to.</summary>
    public required WorkspaceOwner Owner { get; init; }

    /// <summary>Who asked: a user's name, or the name of the API key that acted for the owner.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>The resolved blueprint: inheritance, parameters and interpolation are done.</summary>
    public required Blueprint Blueprint { get; init; }

    /// <summary>Set for injection, absent for standalone.</summary>
    public WorkspaceTarget? Target { get; init; }

    /// <summary>When the workspace will be deleted, if it has a time to live.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A stopped or failed workspace shall run again. Published by Requests.</summary>
public sealed record WorkspaceStartRequested : IWorkspaceCommand
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <inheritdoc/>
    public required WorkspaceModel Model { get; init; }

    /// <summary>Who asked.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Why.</summary>
    public required ChangeReason Reason { get; init; }
}

/// <summary>A workspace shall stop; its storage and its record stay. Published by Requests.</summary>
public sealed record WorkspaceStopRequested : IWorkspaceCommand
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <inheritdoc/>
    public required WorkspaceModel Model { get; init; }

    /// <summary>Who asked.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Why.</summary>
    public required ChangeReason Reason { get; init; }
}

/// <summary>A workspace shall be gone, with everything but what its blueprint retains. Published by Requests.</summary>
public sealed record WorkspaceDeletionRequested : IWorkspaceCommand
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <inheritdoc/>
    public required WorkspaceModel Model { get; init; }

    /// <summary>Who asked.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Why.</summary>
    public required ChangeReason Reason { get; init; }
}
