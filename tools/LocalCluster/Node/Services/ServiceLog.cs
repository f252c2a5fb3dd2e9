namespace Workspaces.LocalCluster.Node.Services;

/// <summary>What routing to Services and the cluster's names say in the log.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(3050, LogLevel.Debug, "A connection for {Owner} failed: {Reason}")]
    public static partial void ConnectionFailed(ILogger log, string owner, string reason);

    [LoggerMessage(3051, LogLevel.Warning, "{Owner} cannot be reached at {Address}: {Reason}")]
    public static partial void CannotListen(ILogger log, string owner, string address, string reason);

    [LoggerMessage(3052, LogLevel.Debug, "The name query {Name} could not be passed on: {Reason}")]
    public static partial void ForwardFailed(ILogger log, string name, string reason);
}
