namespace Workspaces.Auditor.Feed;

internal static partial class FeedLog
{
    [LoggerMessage(1100, LogLevel.Information, "The feed on the broker goes on at {Sequence}.")]
    public static partial void BrokerFeedRuns(ILogger logger, long sequence);

    [LoggerMessage(1101, LogLevel.Warning, "The feed on the broker was interrupted; it goes on where it stopped.")]
    public static partial void BrokerFeedFailed(ILogger logger, Exception exception);
}
