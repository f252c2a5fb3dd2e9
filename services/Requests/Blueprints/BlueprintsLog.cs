namespace Workspaces.Requests.Blueprints;

/// <summary>Log messages about the set of blueprints.</summary>
internal static partial class BlueprintsLog
{
    [LoggerMessage(1101, LogLevel.Information, "{Count} blueprints loaded from {Folder}")]
    public static partial void Loaded(ILogger logger, int count, string folder);

    [LoggerMessage(1102, LogLevel.Error, "Blueprint refused: {Problem}")]
    public static partial void Problem(ILogger logger, string problem);

    [LoggerMessage(1103, LogLevel.Error, "{Count} problems in {Folder}: no blueprint can be used until they are corrected; not ready")]
    public static partial void NoGoodSet(ILogger logger, int count, string folder);

    [LoggerMessage(1104, LogLevel.Error, "{Count} problems in {Folder}: the last good set stays in use until they are corrected")]
    public static partial void KeptLastGoodSet(ILogger logger, int count, string folder);

    [LoggerMessage(1105, LogLevel.Warning, "Changes in {Folder} cannot be watched; looking every {Seconds} s")]
    public static partial void NotWatching(ILogger logger, string folder, double seconds, Exception exception);
}
