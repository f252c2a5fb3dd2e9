namespace Workspaces.Requests.Publishing;

/// <summary>Log messages about publishing.</summary>
internal static partial class PublishingLog
{
    [LoggerMessage(1401, LogLevel.Warning, "{Event} {EventId} is not published yet; trying again")]
    public static partial void NotPublished(ILogger logger, string @event, Guid eventId, Exception exception);

    [LoggerMessage(1402, LogLevel.Information, "This process publishes the event log")]
    public static partial void Leading(ILogger logger);

    [LoggerMessage(1403, LogLevel.Warning, "Publishing of the event log was interrupted; starting again")]
    public static partial void Interrupted(ILogger logger, Exception exception);

    [LoggerMessage(1404, LogLevel.Warning, "Publishing of the event log had stopped; starting again")]
    public static partial void Stopped(ILogger logger);
}
