namespace Workspaces.LocalCluster.Node;

/// <summary>What the node says in the log.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(3000, LogLevel.Information, "Node {Node} is up: pod range {Subnet}, state in {Folder}")]
    public static partial void Started(ILogger log, string node, string subnet, string folder);

    [LoggerMessage(3001, LogLevel.Error, "Pod {Pod}: a step failed and will be tried again")]
    public static partial void PodStepFailed(ILogger log, string pod, Exception exception);

    [LoggerMessage(3002, LogLevel.Error, "The worker of pod {Pod} ended with a failure; the pod is no longer looked after")]
    public static partial void PodWorkerFailed(ILogger log, string pod, Exception exception);

    [LoggerMessage(3003, LogLevel.Warning, "The watch of {Type} ended ({Reason}); listing again")]
    public static partial void WatchEnded(ILogger log, string type, string reason);

    [LoggerMessage(3004, LogLevel.Error, "Node status could not be written; trying again")]
    public static partial void HeartbeatFailed(ILogger log, Exception exception);

    [LoggerMessage(3005, LogLevel.Error, "Pod {Pod} could not be scheduled; trying again")]
    public static partial void SchedulingFailed(ILogger log, string pod, Exception exception);

    [LoggerMessage(3006, LogLevel.Warning, "Image definitions: {Problem}")]
    public static partial void ImageProblem(ILogger log, string problem);

    [LoggerMessage(3007, LogLevel.Critical, "The node has failed; LocalCluster stops")]
    public static partial void NodeFailed(ILogger log, Exception exception);
}
