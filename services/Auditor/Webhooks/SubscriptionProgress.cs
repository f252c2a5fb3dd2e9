namespace Workspaces.Auditor.Webhooks;

/// <summary>How far the delivery of a subscription has come. Only the dispatcher writes it.</summary>
public sealed record SubscriptionProgress
{
    /// <summary>Id of the subscription.</summary>
    public required string Id { get; init; }

    /// <summary>Every entry up to this one is delivered, or kept as <see cref="Delivery"/> to try again.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the receiver answered 410.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>Entries that were archived before they could be delivered.</summary>
    public IReadOnlyList<MissedRange> Missed { get; init; } = [];
}
