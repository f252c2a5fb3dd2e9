namespace Workspaces.Auditor.Retention;

internal static partial class RetentionLog
{
    [LoggerMessage(1300, LogLevel.Information, "Entries {First} to {Last} are archived in {File}.")]
    public static partial void Archived(ILogger logger, long first, long last, string file);

    [LoggerMessage(1301, LogLevel.Information, "{Count} entries of type {Type} were redacted.")]
    public static partial void Redacted(ILogger logger, long count, string type);

    [LoggerMessage(1302, LogLevel.Error, "Retention failed; it is tried again at the next interval.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
