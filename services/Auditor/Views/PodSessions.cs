using Workspaces.Contracts;

namespace Workspaces.Auditor.Views;

/// <summary>Who was in a pod, when, and what they ran.</summary>
/// <param name="Pod"><c>NAMESPACE/NAME</c>.</param>
/// <param name="LogBegins">Sequence that the log begins with.</param>
/// <param name="Sessions">Sessions, in the order in which they were opened.</param>
/// <param name="Next">What to send as <c>after</c> for the next page.</param>
/// <param name="More">Whether there is another page.</param>
internal sealed record PodSessions(string Pod, long LogBegins, IReadOnlyList<PodSession> Sessions, long Next, bool More);

/// <summary>One session in a pod.</summary>
internal sealed record PodSession
{
    /// <summary>Place of its opening in the log.</summary>
    public required long Sequence { get; init; }

    /// <summary>Its id, by which <c>/v1/events?session=</c> has everything of it.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Who.</summary>
    public string? User { get; init; }

    /// <summary>Fingerprint of the key that logged in.</summary>
    public string? KeyFingerprint { get; init; }

    /// <summary>From where.</summary>
    public string? ClientAddress { get; init; }

    /// <summary>The workspace.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>Whose workspace.</summary>
    public string? Owner { get; init; }

    /// <summary>The workload that the pod belongs to.</summary>
    public string? Target { get; init; }

    /// <summary>The run of the workspace container.</summary>
    public Guid? InstanceId { get; init; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was closed; absent while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Why it was closed.</summary>
    public SessionCloseReason? CloseReason { get; init; }

    /// <summary>What was run in it, oldest first.</summary>
    public required IReadOnlyList<PodActivity> Ran { get; init; }

    /// <summary>Whether more was run than <see cref="Ran"/> has.</summary>
    public required bool RanMore { get; init; }
}

/// <summary>Something that was run in a session.</summary>
/// <param name="Sequence">Place in the log.</param>
/// <param name="At">When.</param>
/// <param name="Kind">Shell, command, file transfer, forward.</param>
/// <param name="Detail">Command, address or path; absent where it was redacted.</param>
internal sealed record PodActivity(long Sequence, DateTimeOffset At, ChannelKind? Kind, string? Detail);
