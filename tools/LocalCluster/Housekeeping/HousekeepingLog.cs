namespace Workspaces.LocalCluster.Housekeeping;

/// <summary>Log messages of the housekeepers: event ids 1200 to 1299.</summary>
internal static partial class HousekeepingLog
{
    [LoggerMessage(1200, LogLevel.Debug, "{Who} could not finish with {What}: {Why}")]
    public static partial void Refused(ILogger log, string who, string what, string why);
}
