namespace Workspaces.Requests.Workspaces;

/// <summary>Log messages about workspaces.</summary>
internal static partial class WorkspacesLog
{
    [LoggerMessage(1201, LogLevel.Warning, "{Event} is about workspace {WorkspaceId}, which is not known here; ignored. Is another installation on this broker?")]
    public static partial void UnknownWorkspace(ILogger logger, string @event, string workspaceId);

    [LoggerMessage(1202, LogLevel.Debug, "{Event} of generation {Generation} says nothing new about workspace {WorkspaceId} in generation {Current}")]
    public static partial void NotNews(ILogger logger, string @event, string workspaceId, long generation, long current);

    [LoggerMessage(1203, LogLevel.Information, "{RequestedBy} requested workspace {WorkspaceId} ({Name}) for {Owner} from blueprint {Blueprint}")]
    public static partial void Requested(ILogger logger, string requestedBy, string workspaceId, string name, string owner, string blueprint);

    [LoggerMessage(1205, LogLevel.Warning, "Old idempotency keys could not be removed; trying again in an hour")]
    public static partial void CleanupFailed(ILogger logger, Exception exception);

    [LoggerMessage(1204, LogLevel.Information, "{RequestedBy} asked workspace {WorkspaceId} to {Command}")]
    public static partial void Commanded(ILogger logger, string requestedBy, string workspaceId, string command);
}
