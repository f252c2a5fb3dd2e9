using System.Net;
using System.Net.Sockets;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>A load balancer for one port: its connections to the Proxy come from an address of its own and begin with a PROXY header.</summary>
internal sealed class BalancedConnection : IAsyncDisposable
{
    /// <summary>Where its connections come from: all of 127.0.0.0/8 is this machine.</summary>
    public static readonly IPAddress Balancer = IPAddress.Parse("127.0.0.2");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    private BalancedConnection(int proxyPort, byte[] header)
    {
        _listener.Start();
        _serving = ServeAsync(proxyPort, header);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static BalancedConnection To(RunningProxy proxy, byte[] header) => new(proxy.SshPort, header);

    /// <summary>A connection from the balancer's address, without a header.</summary>
    public static async Task<NetworkStream> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(Balancer, 0));
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync(int proxyPort, byte[] header)
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            await using var proxy = await ConnectAsync(proxyPort);
            await proxy.WriteAsync(header, _stop.Token);
            var there = client.GetStream().CopyToAsync(proxy, _stop.Token);
            var back = proxy.CopyToAsync(client.GetStream(), _stop.Token);
            await Task.WhenAny(there, back).ConfigureAwait(false);
        }
    }
}
