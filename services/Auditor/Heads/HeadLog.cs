namespace Workspaces.Auditor.Heads;

internal static partial class HeadLog
{
    /// <summary>The hash is logged too, so that whatever collects logs keeps it as well.</summary>
    [LoggerMessage(1400, LogLevel.Information, "The head of the log is signed: entry {Sequence}, {Hash}.")]
    public static partial void Published(ILogger logger, long sequence, string hash);

    [LoggerMessage(1401, LogLevel.Error, "The head of the log could not be signed; it is tried again at the next interval.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
