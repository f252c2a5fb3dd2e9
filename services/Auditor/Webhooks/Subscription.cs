using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Webhooks;

/// <summary>
/// What somebody asked for: which events go where. Only the API writes it; how far its delivery has come stands in
/// <see cref="SubscriptionProgress"/>, which only the dispatcher writes.
/// </summary>
public sealed record Subscription
{
    /// <summary>Identity, <c>sub_</c> and random letters.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Where events go.</summary>
    public required Uri Url { get; init; }

    /// <summary>Which events.</summary>
    public required LogFilter Filter { get; init; }

    /// <summary>Secrets that sign, the newest first.</summary>
    public required IReadOnlyList<SubscriptionSecret> Secrets { get; init; }

    /// <summary>Stopped by its owner; what happens meanwhile is delivered later.</summary>
    public bool Paused { get; init; }

    /// <summary>Name of the user or key that made it: only they and administrators see it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was made, or enabled again: an answer of 410 counts only if it came later.</summary>
    public required DateTimeOffset EnabledAt { get; init; }

    /// <summary>Delivery begins after this sequence.</summary>
    public required long After { get; init; }

    /// <summary>+1 at each change.</summary>
    public required int Version { get; init; }

    /// <summary>What it does now, as far as its delivery has come.</summary>
    public SubscriptionState StateWith(SubscriptionProgress progress) =>
        Paused ? SubscriptionState.Paused
        : progress.GoneAt > EnabledAt ? SubscriptionState.Disabled
        : SubscriptionState.Active;
}
