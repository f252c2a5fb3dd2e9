namespace Workspaces.Requests.Storage;

/// <summary>Log messages about the database.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(1001, LogLevel.Information, "The database is prepared")]
    public static partial void Prepared(ILogger logger);

    [LoggerMessage(1002, LogLevel.Warning, "The database cannot be prepared (connection string 'postgres'); trying again")]
    public static partial void PreparationFailed(ILogger logger, Exception exception);
}
