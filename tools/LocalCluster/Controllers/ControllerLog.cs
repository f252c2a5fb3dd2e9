using Workspaces.LocalCluster.Controllers.Reconciling;

namespace Workspaces.LocalCluster.Controllers;

/// <summary>What the controllers say in the log.</summary>
internal static partial class ControllerLog
{
    [LoggerMessage(3100, LogLevel.Error, "Reconciling {Kind} {Key} failed and will be tried again")]
    public static partial void Failed(ILogger log, string kind, ObjectKey key, Exception exception);

    [LoggerMessage(3101, LogLevel.Information, "Reconciling {Kind} {Key}: the API refused a change, trying again: {Reason}")]
    public static partial void Refused(ILogger log, string kind, ObjectKey key, string reason);

    [LoggerMessage(3102, LogLevel.Critical, "The controllers have failed; LocalCluster stops")]
    public static partial void ControllersFailed(ILogger log, Exception exception);
}
