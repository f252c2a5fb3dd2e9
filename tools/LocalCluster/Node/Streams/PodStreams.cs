using System.Net;
using System.Net.Sockets;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Faults;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Logs;
using Workspaces.LocalCluster.Node.Networking;
using Workspaces.LocalCluster.Node.Pods;
using Workspaces.LocalCluster.Node.Runtime;
using Workspaces.LocalCluster.Pods;

namespace Workspaces.LocalCluster.Node.Streams;

/// <summary>Answers exec, attach, logs and port-forward from the running containers.</summary>
internal sealed class PodStreams(PodManager pods, OciRuntime runtime, NodeNamespaces namespaces, NodeFolders folders, FaultSwitches faults) : IPodStreams
{
    private static readonly (AddressFamily Family, IPAddress Address, string Name)[] Loopbacks =
    [
        (AddressFamily.InterNetwork, IPAddress.Loopback, "127.0.0.1"), (AddressFamily.InterNetworkV6, IPAddress.IPv6Loopback, "[::1]"),
    ];

    public async Task<IContainerProcess> ExecAsync(string ns, string pod, string container, ExecRequest request, CancellationToken ct)
    {
        var running = Running(ns, pod, container);
        var process = OciConfiguration.Process(running.Spec, request.Command, request.Tty);
        if (!request.Tty)
        {
            return new ExecProcess(runtime.Exec(running.Spec, process, null), null, request);
        }

        using var console = new ConsoleSocket(folders.Runtime);
        var handle = runtime.Exec(running.Spec, process, console.Path);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var receiving = console.ReceiveTerminalAsync(abandon.Token);
        if (await Task.WhenAny(receiving, handle.Ended) != receiving)
        {
            // The command could not be started: its error comes as with pipes.
            await abandon.CancelAsync();
            return new ExecProcess(handle, null, request with { Stdin = false });
        }

        return new ExecProcess(handle, new Terminal(await receiving), request);
    }

    public Task<IContainerProcess> AttachAsync(string ns, string pod, string container, ExecRequest request, CancellationToken ct) =>
        Task.FromResult<IContainerProcess>(new AttachedContainer(Running(ns, pod, container), request));

    public Task CopyLogsAsync(string ns, string pod, string container, LogRequest request, Stream destination, CancellationToken ct)
    {
        var found = Container(ns, pod, container);
        var attempt = found.Attempts - 1 - (request.Previous ? 1 : 0);
        if (request.Previous && attempt < 0)
        {
            throw new ApiStatusException(400, "BadRequest", $"previous terminated container \"{container}\" in pod \"{pod}\" not found");
        }

        if (attempt < 0)
        {
            throw new ApiStatusException(400, "BadRequest", $"container \"{container}\" in pod \"{pod}\" is waiting to start: {found.WaitingReason}");
        }

        var folder = folders.ContainerLogs(pods.Find(ns, pod)!.Uid, container);
        var path = Path.Combine(folder, $"{attempt}.log");
        if (!File.Exists(path))
        {
            throw new ApiStatusException(400, "BadRequest", $"the log of container \"{container}\" in pod \"{pod}\" is no longer kept");
        }

        var live = request.Previous ? null : found.Running?.Log;
        return ContainerLogReader.CopyAsync(path, live, request, destination, ct);
    }

    public async Task<Stream> ConnectAsync(string ns, string pod, int port, CancellationToken ct)
    {
        CheckReachable();
        var state = pods.Find(ns, pod);
        if (state?.Sandbox is not { } sandbox)
        {
            throw NotRunning(pod);
        }

        var file = state.Pod.Spec.HostNetwork == true ? null : namespaces.NamespaceFile(sandbox.NodeProcessId, "net");
        var failures = new List<string>();
        foreach (var (family, address, name) in Loopbacks)
        {
            var connection = await NetworkNamespace.OpenAsync(file, () => new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            try
            {
                await connection.ConnectAsync(new IPEndPoint(address, port), ct);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch (SocketException e)
            {
                connection.Dispose();
                failures.Add($"{name}:{port}: connect: {(e.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : e.Message)}");
            }
        }

        throw new ApiStatusException(
            500, "InternalError",
            $"failed to execute portforward in network namespace \"{namespaces.NamespaceFile(sandbox.NodeProcessId, "net")}\": "
            + $"failed to connect to localhost:{port} inside namespace \"{state.Uid}\", IPv4: dial tcp4 {failures[0]} IPv6 dial tcp6 {failures[1]}");
    }

    private static ApiStatusException NotRunning(string pod) => new(400, "BadRequest", $"pod {pod} is not running on this node");

    /// <summary>As the API server words it when a node does not answer.</summary>
    private void CheckReachable()
    {
        if (faults.IsFrozen)
        {
            throw new ApiStatusException(500, "InternalError", "error dialing backend: dial tcp: i/o timeout");
        }
    }

    private PodContainer Container(string ns, string pod, string container)
    {
        CheckReachable();
        var state = pods.Find(ns, pod) ?? throw NotRunning(pod);
        return state.Find(container) ?? throw new ApiStatusException(400, "BadRequest", $"container {container} is not valid for pod {pod}");
    }

    private RunningContainer Running(string ns, string pod, string container) =>
        Container(ns, pod, container).Running
            ?? throw new ApiStatusException(500, "InternalError", $"unable to upgrade connection: container not found (\"{container}\")");
}
