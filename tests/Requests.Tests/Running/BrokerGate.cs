using System.Net;
using System.Net.Sockets;

namespace Workspaces.Requests.Tests.Running;

/// <summary>A door between the service and the broker: shut, the broker is away; opened, it is back.</summary>
internal sealed class BrokerGate : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _broker;
    private readonly List<TcpClient> _connections = [];
    private readonly Task _accepting;
    private volatile bool _open;

    public BrokerGate(Uri broker, bool open)
    {
        _broker = broker;
        _open = open;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the service finds the broker.</summary>
    public string Address => new UriBuilder(_broker) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri.ToString();

    public void Open() => _open = true;

    public void Shut()
    {
        _open = false;
        lock (_connections)
        {
            _connections.ForEach(connection => connection.Dispose());
            _connections.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Shut();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return; // disposed
            }

            if (_open)
            {
                _ = RelayAsync(client);
            }
            else
            {
                client.Dispose();
            }
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var broker = new TcpClient();
        try
        {
            await broker.ConnectAsync(_broker.Host, _broker.Port);
            lock (_connections)
            {
                _connections.AddRange([client, broker]);
            }

            await Task.WhenAny(client.GetStream().CopyToAsync(broker.GetStream()), broker.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // One side went away; so does the other.
        }
        finally
        {
            client.Dispose();
        }
    }
}
