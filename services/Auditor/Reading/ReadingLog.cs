namespace Workspaces.Auditor.Reading;

internal static partial class ReadingLog
{
    [LoggerMessage(1000, LogLevel.Information, "Reading {Queue} into the log.")]
    public static partial void Reading(ILogger logger, string queue);

    [LoggerMessage(1001, LogLevel.Warning, "The connection to the broker was lost; what was not acknowledged comes again.")]
    public static partial void ConnectionLost(ILogger logger);

    [LoggerMessage(1002, LogLevel.Warning, "The queue cannot be read; trying again.")]
    public static partial void ReadingFailed(ILogger logger, Exception exception);

    [LoggerMessage(1003, LogLevel.Warning, "{Count} messages could not be stored; trying the same ones again.")]
    public static partial void StoringFailed(ILogger logger, int count, Exception exception);
}
