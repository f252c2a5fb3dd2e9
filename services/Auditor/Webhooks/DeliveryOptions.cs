namespace Workspaces.Auditor.Webhooks;

/// <summary>How webhooks are delivered: further settings of the section <c>Webhooks</c>.</summary>
public sealed class DeliveryOptions
{
    /// <summary>Wait before the second attempt; each wait is twice the one before.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>No wait is longer.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an event is tried before it is dead.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How long a secret goes on signing after a newer one was made.</summary>
    public TimeSpan RotationOverlap { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long delivered events and their attempts stay visible.</summary>
    public TimeSpan KeepDelivered { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long dead letters stay.</summary>
    public TimeSpan KeepDead { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Connections to one receiver at a time.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Events that wait to be tried again, for one subscription; with more it reads no further in the log.</summary>
    public int MostPending { get; init; } = 1000;
}
