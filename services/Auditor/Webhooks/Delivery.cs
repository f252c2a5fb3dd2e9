namespace Workspaces.Auditor.Webhooks;

/// <summary>One event on its way to one receiver, with what was tried. Only the dispatcher writes it.</summary>
public sealed record Delivery
{
    /// <summary>Attempts that are kept; the count goes on.</summary>
    public const int KeptAttempts = 40;

    /// <summary>Subscription and sequence.</summary>
    public required string Id { get; init; }

    /// <summary>The subscription.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The entry's place in the log.</summary>
    public required long Sequence { get; init; }

    /// <summary>The event's id: the receiver's duplicate key.</summary>
    public required Guid EventId { get; init; }

    /// <summary>Name of the event.</summary>
    public required string Type { get; init; }

    /// <summary>What the order is kept within: the workspace, or else the user.</summary>
    public required string Partition { get; init; }

    /// <summary>Whether it arrived.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>When it was first to be delivered; three days later it is dead.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it is tried again; null: right after the one before it in its partition.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When it arrived or died.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>How often it was tried since <see cref="Since"/>.</summary>
    public int AttemptCount { get; init; }

    /// <summary>The newest attempts, oldest first.</summary>
    public IReadOnlyList<DeliveryAttempt> Attempts { get; init; } = [];

    /// <summary>The id of an event's delivery to a subscription: a text that sorts by sequence.</summary>
    public static string IdOf(string subscription, long sequence) => $"{subscription}/{Feed.CloudEvent.SequenceText(sequence)}";
}
