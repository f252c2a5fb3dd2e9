namespace Workspaces.Auditor.Webhooks;

/// <summary>A subscription as the API shows it.</summary>
internal sealed record SubscriptionView
{
    /// <summary>Identity.</summary>
    public required string Id { get; init; }

    /// <summary>Where events go.</summary>
    public required Uri Url { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Types of event; absent: all.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Id of the workspace.</summary>
    public string? Workspace { get; init; }

    /// <summary>Owner of the workspace.</summary>
    public string? Owner { get; init; }

    /// <summary>Who acted.</summary>
    public string? User { get; init; }

    /// <summary>The workload.</summary>
    public string? Target { get; init; }

    /// <summary>What it does.</summary>
    public required SubscriptionState State { get; init; }

    /// <summary>When its receiver answered 410, if that disabled it.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Every entry up to this one is delivered or waits to be tried again.</summary>
    public required long Sequence { get; init; }

    /// <summary>Entries in the log after that one.</summary>
    public required long Behind { get; init; }

    /// <summary>Events that wait to be tried again.</summary>
    public required int Pending { get; init; }

    /// <summary>Events that were tried for three days in vain.</summary>
    public required int Dead { get; init; }

    /// <summary>Entries that were archived before they could be delivered.</summary>
    public required IReadOnlyList<MissedRange> Missed { get; init; }

    /// <summary>Until when each older secret goes on signing.</summary>
    public required IReadOnlyList<DateTimeOffset> OldSecretsValidUntil { get; init; }

    /// <summary>The newest secret; only in the answer that makes it.</summary>
    public string? Secret { get; init; }

    public static SubscriptionView Of(Subscription subscription, SubscriptionProgress progress, long last, int pending, int dead, DateTimeOffset now) => new()
    {
        Id = subscription.Id,
        Url = subscription.Url,
        Description = subscription.Description,
        Types = subscription.Filter.Types,
        Workspace = subscription.Filter.WorkspaceId,
        Owner = subscription.Filter.Owner,
        User = subscription.Filter.User,
        Target = subscription.Filter.Target,
        State = subscription.StateWith(progress),
        DisabledAt = subscription.StateWith(progress) == SubscriptionState.Disabled ? progress.GoneAt : null,
        CreatedBy = subscription.CreatedBy,
        CreatedAt = subscription.CreatedAt,
        Sequence = progress.Sequence,
        Behind = Math.Max(0, last - progress.Sequence),
        Pending = pending,
        Dead = dead,
        Missed = progress.Missed,
        OldSecretsValidUntil = [.. subscription.Secrets.Select(secret => secret.ValidUntil).OfType<DateTimeOffset>().Where(until => until > now)],
    };
}
