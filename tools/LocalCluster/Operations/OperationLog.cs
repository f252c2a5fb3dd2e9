
namespace Workspaces.LocalCluster.Operations;

/// <summary>Log messages of the API's operations: event ids 1000 to 1099.</summary>
internal static partial class OperationLog
{
    [LoggerMessage(1000, LogLevel.Debug, "Event {Reason} about {Kind} {Name} was not recorded: {Why}")]
    public static partial void EventNotRecorded(ILogger log, string reason, string kind, string name, string why);
}
