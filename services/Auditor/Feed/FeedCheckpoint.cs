namespace Workspaces.Auditor.Feed;

/// <summary>How far a feed has come.</summary>
public sealed record FeedCheckpoint
{
    /// <summary>The feed on the broker.</summary>
    public const string Broker = "broker";

    /// <summary>Signed heads of the log, on the broker.</summary>
    public const string BrokerHeads = "broker-heads";

    /// <summary>Name of the feed.</summary>
    public required string Id { get; init; }

    /// <summary>Sequence of the newest entry that has been delivered, and everything before it.</summary>
    public long Sequence { get; init; }
}
