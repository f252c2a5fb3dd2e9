namespace Workspaces.Requests.Lifetimes;

/// <summary>Log messages about lifetimes.</summary>
internal static partial class LifetimesLog
{
    [LoggerMessage(1501, LogLevel.Information, "Workspace {WorkspaceId} ({Name}) is deleted: its time to live ended at {ExpiresAt}")]
    public static partial void Expired(ILogger logger, string workspaceId, string name, DateTimeOffset? expiresAt);

    [LoggerMessage(1502, LogLevel.Information, "Workspace {WorkspaceId} ({Name}) is stopped: nobody used it for {IdleStop}")]
    public static partial void Idle(ILogger logger, string workspaceId, string name, string? idleStop);

    [LoggerMessage(1503, LogLevel.Warning, "What is due could not be done; trying again at the next tick")]
    public static partial void TickFailed(ILogger logger, Exception exception);
}
