namespace Workspaces.Auditor.Feed;

internal static partial class FeedLog
{
    [LoggerMessage(1100, LogLevel.Information, "The feed on the broker goes on at {Sequence}.")]
    public static partial void BrokerFeedRuns(ILogger logger, long sequence);

    [LoggerMessage(1101, LogLevel.Warning, "The feed on the broker was interrupted; it goes on where it stopped.")]
    public static partial void BrokerFeedFailed(ILogger logger, Exception exception);

    [LoggerMessage(1102, LogLevel.Error, "The feed on the broker should go on at {First}, but entries up to {Last} are archived; it goes on after them.")]
    public static partial void EntriesAreArchived(ILogger logger, long first, long last);
}
