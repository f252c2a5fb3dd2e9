namespace Workspaces.Auditor.Log;

internal static partial class SchemaLog
{
    [LoggerMessage(1010, LogLevel.Warning, "The tables could not be brought up to date at the start; each is when it is first used.")]
    public static partial void NotApplied(ILogger logger, Exception exception);
}
