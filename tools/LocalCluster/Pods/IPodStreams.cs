namespace Workspaces.LocalCluster.Pods;

/// <summary>
/// What the node offers to the API's streaming subresources. The API has checked access and that the pod and container exist in the
/// stored object; the node answers from what is running. Errors are <see cref="Api.ApiStatusException"/>.
/// </summary>
public interface IPodStreams
{
    /// <summary>Starts a command in a running container.</summary>
    Task<IContainerProcess> ExecAsync(string ns, string pod, string container, ExecRequest request, CancellationToken ct);

    /// <summary>Joins the streams of the container's own process. <see cref="ExecRequest.Command"/> is empty.</summary>
    Task<IContainerProcess> AttachAsync(string ns, string pod, string container, ExecRequest request, CancellationToken ct);

    /// <summary>Writes the container's log to <paramref name="destination"/>; with <see cref="LogRequest.Follow"/> until it ends.</summary>
    Task CopyLogsAsync(string ns, string pod, string container, LogRequest request, Stream destination, CancellationToken ct);

    /// <summary>Connects to a port in the pod's network namespace (its localhost).</summary>
    Task<Stream> ConnectAsync(string ns, string pod, int port, CancellationToken ct);
}
