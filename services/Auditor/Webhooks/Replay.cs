namespace Workspaces.Auditor.Webhooks;

/// <summary>Entries that are delivered once more because somebody asked for it: to repair a receiver, or to try dead letters again.</summary>
public sealed record Replay
{
    /// <summary>Identity.</summary>
    public required Guid Id { get; init; }

    /// <summary>The subscription.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>First sequence.</summary>
    public required long From { get; init; }

    /// <summary>Last sequence.</summary>
    public required long To { get; init; }

    /// <summary>Only what is dead.</summary>
    public required bool DeadOnly { get; init; }

    /// <summary>Who asked.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Every entry up to this one is delivered, or kept to try again. Written by the dispatcher.</summary>
    public required long Done { get; init; }

    /// <summary>When the last entry was delivered or kept.</summary>
    public DateTimeOffset? DoneAt { get; init; }
}
