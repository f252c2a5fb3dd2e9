namespace Workspaces.Auditor.Log;

/// <summary>A message as read from the queue and understood as far as possible; the log gives it its place.</summary>
public sealed record ReceivedMessage
{
    /// <inheritdoc cref="LogEntry.EventId"/>
    public required Guid EventId { get; init; }

    /// <inheritdoc cref="LogEntry.Type"/>
    public required string Type { get; init; }

    /// <inheritdoc cref="LogEntry.WorkspaceId"/>
    public string? WorkspaceId { get; init; }

    /// <summary>Owner of the workspace, where the message itself says it: a request.</summary>
    public string? Owner { get; init; }

    /// <inheritdoc cref="LogEntry.User"/>
    public string? User { get; init; }

    /// <inheritdoc cref="LogEntry.SessionId"/>
    public Guid? SessionId { get; init; }

    /// <inheritdoc cref="LogEntry.InstanceId"/>
    public Guid? InstanceId { get; init; }

    /// <summary>The workload, where the message itself says it: a request for an injection, or an instance that came up.</summary>
    public string? Target { get; init; }

    /// <summary>The pod, <c>NAMESPACE/NAME</c>, where the message itself says it: an instance that came up.</summary>
    public string? Pod { get; init; }

    /// <summary>When it happened, if the message says it.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <inheritdoc cref="LogEntry.TraceParent"/>
    public string? TraceParent { get; init; }

    /// <inheritdoc cref="LogEntry.MessageForm"/>
    public required MessageForm MessageForm { get; init; }

    /// <inheritdoc cref="LogEntry.Message"/>
    public required string Message { get; init; }

    /// <inheritdoc cref="LogEntry.Problem"/>
    public string? Problem { get; init; }
}
