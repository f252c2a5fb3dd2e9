namespace Workspaces.Contracts;

/// <summary>A workspace that is coming up got one step further. Published by its worker.</summary>
public sealed record WorkspaceProgressed : IWorkspaceScopedEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <summary>The step it is in now.</summary>
    public required WorkspaceStage Stage { get; init; }

    /// <summary>One sentence for a person, without control characters.</summary>
    public required string Message { get; init; }
}

/// <summary>The first instance of this generation is usable. Published by the workspace's worker.</summary>
public sealed record WorkspaceReady : IWorkspaceScopedEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <summary>Replicas whose workspace container is ready; 1 for standalone.</summary>
    public required int ReplicasReady { get; init; }

    /// <summary>Replicas the workload wants; 1 for standalone.</summary>
    public required int ReplicasWanted { get; init; }

    /// <summary>What a person should know about it, in sentences; absent: nothing in particular.</summary>
    public string? Message { get; init; }
}

/// <summary>
/// A workspace could not come up. What had been changed for it has been taken back; retained volumes are untouched.
/// Published by its worker.
/// </summary>
public sealed record WorkspaceFailed : IWorkspaceScopedEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <summary>The kind of failure, for programs.</summary>
    public required FailureReason Reason { get; init; }

    /// <summary>What failed and what to do, for a person; the cluster's own words where it said something.</summary>
    public required string Message { get; init; }
}

/// <summary>A workspace has stopped; only its storage is left. Published by its worker.</summary>
public sealed record WorkspaceStopped : IWorkspaceScopedEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }
}

/// <summary>A workspace is gone from the cluster; only retained volumes are left. Published by its worker.</summary>
public sealed record WorkspaceDeleted : IWorkspaceScopedEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }
}
