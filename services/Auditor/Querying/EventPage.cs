using System.Text.Json.Nodes;
using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Querying;

/// <summary>A page of the log.</summary>
/// <param name="Events">Events, oldest first.</param>
/// <param name="Next">What to send as <c>after</c> next time; never goes back.</param>
/// <param name="More">Whether there is more to read right now.</param>
internal sealed record EventPage(IReadOnlyList<LoggedEvent> Events, long Next, bool More);

/// <summary>An event as the log shows it.</summary>
internal sealed record LoggedEvent
{
    /// <summary>Place in the log.</summary>
    public required long Sequence { get; init; }

    /// <summary>The event's id.</summary>
    public required Guid EventId { get; init; }

    /// <summary>Name of the event.</summary>
    public required string Type { get; init; }

    /// <summary>The workspace it concerns.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>Owner of that workspace.</summary>
    public string? Owner { get; init; }

    /// <summary>Who acted.</summary>
    public string? User { get; init; }

    /// <summary>The workload it concerns, <c>NAMESPACE/KIND/NAME</c>.</summary>
    public string? Target { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>W3C trace id.</summary>
    public string? TraceId { get; init; }

    /// <summary>The event, as it was published; a string for a message that is not JSON (base64 where it is not text either); absent where it was redacted.</summary>
    public JsonNode? Data { get; init; }

    /// <summary>When the event's data was removed by a rule of retention.</summary>
    public DateTimeOffset? RedactedAt { get; init; }

    /// <summary>Why the message could not be interpreted; only for the type <c>Unknown</c>.</summary>
    public string? Problem { get; init; }

    /// <summary>Hash of this entry in the log's chain.</summary>
    public required string Hash { get; init; }

    public static LoggedEvent From(LogEntry entry) => new()
    {
        Sequence = entry.Sequence,
        EventId = entry.EventId,
        Type = entry.Type,
        WorkspaceId = entry.WorkspaceId,
        Owner = entry.Owner,
        User = entry.User,
        Target = entry.Target,
        OccurredAt = entry.OccurredAt,
        StoredAt = entry.StoredAt,
        TraceId = entry.TraceParent?.Split('-') is [_, var traceId, ..] ? traceId : null,
        RedactedAt = entry.RedactedAt,
        Data = entry.RedactedAt is not null ? null : entry.MessageForm == MessageForm.Json ? JsonNode.Parse(entry.Message)! : JsonValue.Create(entry.Message),
        Problem = entry.Problem,
        Hash = entry.Hash,
    };
}
