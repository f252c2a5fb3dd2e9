using System.Net;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Hosting;
using Workspaces.LocalCluster.Node.Faults;
using Workspaces.LocalCluster.Node.Volumes;
using Workspaces.LocalCluster.Pods;

namespace Workspaces.LocalCluster.Node;

/// <summary>Starts and stops the node with the process, and passes streaming requests on to it.</summary>
internal sealed class NodeHost(
    NodeOptions options, IClusterApi api, TimeProvider time, ILogger<ClusterNode> log, IHostApplicationLifetime lifetime, ApiListener listener, IServiceAccountTokens? tokens = null)
    : IHostedService, IPodStreams, INodeFaults
{
    private ClusterNode? _node;

    private ClusterNode Node => _node ?? throw new ApiStatusException(503, "ServiceUnavailable", "the node is starting or stopping; try again in a moment");

    private IPodStreams Streams => Node.Streams;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _node = await ClusterNode.StartAsync(options, api, ApiServer, tokens, time, log, cancellationToken);
        _ = _node.Completion.ContinueWith(Failed, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _node, null) is { } node)
        {
            await node.DisposeAsync();
        }
    }

    public Task<IContainerProcess> ExecAsync(string ns, string pod, string container, ExecRequest request, CancellationToken ct) =>
        Streams.ExecAsync(ns, pod, container, request, ct);

    public Task<IContainerProcess> AttachAsync(string ns, string pod, string container, ExecRequest request, CancellationToken ct) =>
        Streams.AttachAsync(ns, pod, container, request, ct);

    public Task CopyLogsAsync(string ns, string pod, string container, LogRequest request, Stream destination, CancellationToken ct) =>
        Streams.CopyLogsAsync(ns, pod, container, request, destination, ct);

    public Task<Stream> ConnectAsync(string ns, string pod, int port, CancellationToken ct) => Streams.ConnectAsync(ns, pod, port, ct);

    public void Freeze() => Node.Faults.Freeze();

    public void Thaw() => Node.Faults.Thaw();

    public void FailPulls(string? image, int? times) => Node.Faults.FailPulls(image, times);

    public void AllowPulls() => Node.Faults.AllowPulls();

    public Task EvictAsync(string ns, string pod, string message) => Node.Faults.EvictAsync(ns, pod, message);

    public Task LoseContainerAsync(string ns, string pod, string container) => Node.Faults.LoseContainerAsync(ns, pod, container);

    /// <summary>Where the API listens; null until it does.</summary>
    private IPEndPoint? ApiServer() =>
        Uri.TryCreate(listener.Url, UriKind.Absolute, out var url) ? new IPEndPoint(IPAddress.Loopback, url.Port) : null;

    /// <summary>A cluster whose node has stopped working must not look alive.</summary>
    private void Failed(Task loops)
    {
        NodeLog.NodeFailed(log, loops.Exception!);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}
