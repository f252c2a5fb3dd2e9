namespace Workspaces.LocalCluster.Serving;

/// <summary>Log messages of the HTTP side: event ids 1100 to 1199.</summary>
internal static partial class ServingLog
{
    [LoggerMessage(1100, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger log, Exception error, string method, string path);

    [LoggerMessage(1102, LogLevel.Debug, "The stream {Path} broke: {Why}")]
    public static partial void StreamBroken(ILogger log, string path, string why);

    [LoggerMessage(1101, LogLevel.Information, "LocalCluster serves at {Server}; kubeconfig {Kubeconfig}. It is for development and tests, not for production.")]
    public static partial void Serving(ILogger log, string server, string kubeconfig);
}
