namespace Workspaces.Contracts;

/// <summary>A user logged in to an instance. Published by the Proxy.</summary>
public sealed record SessionOpened : IWorkspaceScopedEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <summary>Identity of the session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>The instance it leads to.</summary>
    public required Guid InstanceId { get; init; }

    /// <summary>Name of the user whose key logged in.</summary>
    public required string User { get; init; }

    /// <summary>Fingerprint of that key, <c>SHA256:...</c>.</summary>
    public required string KeyFingerprint { get; init; }

    /// <summary>IP address and port of the client.</summary>
    public required string ClientAddress { get; init; }

    /// <summary>The client's SSH identification string, without control characters.</summary>
    public required string ClientVersion { get; init; }
}

/// <summary>A session ended. Published by the Proxy, also for sessions that a crash of it ended.</summary>
public sealed record SessionClosed : IWorkspaceScopedEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <summary>The session that ended.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>The instance it led to.</summary>
    public required Guid InstanceId { get; init; }

    /// <summary>Name of the user.</summary>
    public required string User { get; init; }

    /// <summary>Time from login to end.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Channel data that the client sent, in bytes.</summary>
    public required long BytesFromClient { get; init; }

    /// <summary>Channel data that the instance sent, in bytes.</summary>
    public required long BytesFromInstance { get; init; }

    /// <summary>Why it ended.</summary>
    public required SessionCloseReason Reason { get; init; }
}

/// <summary>A session opened a channel, or asked for something on one. Published by the Proxy.</summary>
public sealed record ChannelOpened : IWorkspaceScopedEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc/>
    public required string WorkspaceId { get; init; }

    /// <inheritdoc/>
    public required long Generation { get; init; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Name of the user.</summary>
    public required string User { get; init; }

    /// <summary>What the channel is for.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>Command, subsystem, <c>host:port</c> or socket path; empty for a shell. Without control characters.</summary>
    public required string Detail { get; init; }
}

/// <summary>
/// Logins that failed, aggregated over a short time per client address, so that an attacker cannot flood the log.
/// Published by the Proxy.
/// </summary>
public sealed record AuthenticationFailed : IWorkspaceEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>IP address of the client.</summary>
    public required string ClientAddress { get; init; }

    /// <summary>The login name that was tried last, without control characters.</summary>
    public required string AttemptedLogin { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public required AuthenticationFailureReason Reason { get; init; }

    /// <summary>How many attempts this event stands for.</summary>
    public required int Attempts { get; init; }
}

/// <summary>
/// How much a workspace is used; published by the Proxy each minute for every workspace with open sessions or recent traffic.
/// For the clock of idle stop; not kept in the event log.
/// </summary>
public sealed record WorkspaceActivity : IWorkspaceEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Id of the workspace.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>Sessions open now, in the reporting Proxy.</summary>
    public required int OpenSessions { get; init; }

    /// <summary>When bytes last passed.</summary>
    public required DateTimeOffset LastTrafficAt { get; init; }
}
