using System.Net;
using System.Net.Sockets;
using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Transport;

namespace Workspaces.Ssh.Tests.Support;

/// <summary>This library as a server on a loopback port, for stock clients. After login it runs <see cref="OneCommand"/>.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SshServerOptions _options;
    private readonly IServerAuthenticator _authenticator;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    public LoopbackServer(IServerAuthenticator authenticator, Func<SshPrivateKey, SshServerOptions>? options = null)
    {
        _authenticator = authenticator;
        _options = (options ?? DefaultOptions)(HostKey);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public SshPrivateKey HostKey { get; } = SshPrivateKey.GenerateEd25519();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How connections ended that did not end well, in order.</summary>
    public List<Exception> Failures { get; } = [];

    /// <summary>Connections that logged in.</summary>
    public List<SshConnection> LoggedIn { get; } = [];

    public static SshServerOptions DefaultOptions(SshPrivateKey hostKey) => new()
    {
        Identification = SshIdentification.Create("OpenSSH_9.2", "Workspaces"),
        HostKeys = [hostKey],
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                _connections.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await using var connection = await SshConnection.AcceptAsync(DuplexPipe.Over(stream), _options, _stop.Token);
            var user = await ServerAuthentication.AuthenticateAsync(connection, _authenticator, new ServerAuthenticationOptions(), _stop.Token);
            lock (LoggedIn)
            {
                LoggedIn.Add(connection);
            }

            await new OneCommand(connection, user).RunAsync(_stop.Token);
        }
        catch (Exception e)
        {
            lock (Failures)
            {
                Failures.Add(e);
            }
        }
    }
}
