using System.Net;
using System.Net.Sockets;
using Workspaces.LocalCluster.Node.Networking;

namespace Workspaces.LocalCluster.Node.Services;

/// <summary>
/// The forwarders that are open, brought in line with those that should be. An address without targets is not listened on, so that connections to it are refused as
/// they are on a real node.
/// </summary>
internal sealed class PortForwarding(string routerFile, ILogger log) : IAsyncDisposable
{
    private readonly Dictionary<ForwardedPort, (ForwardingTargets Targets, IAsyncDisposable Forwarder)> _open = [];
    private readonly HashSet<ForwardedPort> _refused = [];

    /// <summary>Opens, changes and closes forwarders; returns the addresses that could not be listened on and were not known as such.</summary>
    public async Task<IReadOnlyList<(ForwardedPort Port, string Reason)>> ApplyAsync(IReadOnlyDictionary<ForwardedPort, (IReadOnlyList<IPEndPoint> Targets, bool ByClient)> wanted)
    {
        foreach (var (port, open) in _open.Where(entry => !wanted.TryGetValue(entry.Key, out var target) || target.Targets.Count == 0).ToList())
        {
            _open.Remove(port);
            await open.Forwarder.DisposeAsync();
        }

        _refused.RemoveWhere(port => !wanted.ContainsKey(port));
        var problems = new List<(ForwardedPort, string)>();
        foreach (var (port, target) in wanted.Where(entry => entry.Value.Targets.Count > 0))
        {
            if (!_open.TryGetValue(port, out var open))
            {
                try
                {
                    open = await OpenAsync(port);
                    _open[port] = open;
                    _refused.Remove(port);
                }
                catch (SocketException e)
                {
                    if (_refused.Add(port))
                    {
                        ServiceLog.CannotListen(log, port.Owner, port.Address.ToString(), e.Message);
                        problems.Add((port, e.Message));
                    }

                    continue;
                }
            }

            open.Targets.All = target.Targets;
            open.Targets.ByClient = target.ByClient;
        }

        return problems;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open.Values)
        {
            await open.Forwarder.DisposeAsync();
        }

        _open.Clear();
    }

    private async Task<(ForwardingTargets Targets, IAsyncDisposable Forwarder)> OpenAsync(ForwardedPort port)
    {
        var targets = new ForwardingTargets();
        var isTcp = port.Protocol == "TCP";
        var socket = await NetworkNamespace.OpenAsync(
            port.OnMachine ? null : routerFile,
            () => isTcp ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        try
        {
            socket.Bind(port.Address);
            return (targets, isTcp ? new TcpForwarder(socket, targets, port, log).Start() : new UdpForwarder(socket, targets).Start());
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
