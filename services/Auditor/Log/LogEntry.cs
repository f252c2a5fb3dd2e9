namespace Workspaces.Auditor.Log;

/// <summary>
/// One event in the log. <see cref="Message"/> is the original, to the byte; the other members are what it is found by.
/// Entries are never changed, but for messages that a rule of retention removes: each carries the hash of the one before (<see cref="LogHash"/>).
/// </summary>
public sealed record LogEntry
{
    /// <summary>Type of entries whose message could not be interpreted; <see cref="Problem"/> says why.</summary>
    public const string UnknownType = "Unknown";

    /// <summary>Place in the log: 1, 2, 3 and so on without gaps, in the order of arrival.</summary>
    public required long Sequence { get; init; }

    /// <summary>The event's id; for a message without one, an id made from the message. Unique in the log.</summary>
    public required Guid EventId { get; init; }

    /// <summary>Name of the event, <c>InstanceUp</c>, or <see cref="UnknownType"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The workspace it concerns.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>Owner of that workspace, as far as the log has seen its request.</summary>
    public string? Owner { get; init; }

    /// <summary>Who acted, where a person or a bot did.</summary>
    public string? User { get; init; }

    /// <summary>The SSH session it belongs to.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The instance it concerns.</summary>
    public Guid? InstanceId { get; init; }

    /// <summary>The workload it concerns, <c>NAMESPACE/KIND/NAME</c>, as far as the log has seen the request or the instance.</summary>
    public string? Target { get; init; }

    /// <summary>When it happened; for a message that does not say it, when it was stored.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>W3C trace context (<c>traceparent</c>) that the message came with.</summary>
    public string? TraceParent { get; init; }

    /// <summary>How <see cref="Message"/> is written.</summary>
    public required MessageForm MessageForm { get; init; }

    /// <summary>The event as it came, without the bus's envelope; the whole body where there was no envelope. Empty once it was redacted.</summary>
    public required string Message { get; init; }

    /// <summary>When the message was removed by a rule of retention. Not part of the hash.</summary>
    public DateTimeOffset? RedactedAt { get; init; }

    /// <summary>Why the message could not be interpreted.</summary>
    public string? Problem { get; init; }

    /// <summary>SHA-256 of <see cref="Message"/>, in lower-case hex: stays when the message is redacted.</summary>
    public required string MessageHash { get; init; }

    /// <summary><see cref="Hash"/> of the entry before.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>Hash of this entry, as <see cref="LogHash.Of"/> makes it.</summary>
    public required string Hash { get; init; }
}
