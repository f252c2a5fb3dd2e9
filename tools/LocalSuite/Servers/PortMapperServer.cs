using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Workspaces.LocalSuite.Processes;

namespace Workspaces.LocalSuite.Servers;

/// <summary>
/// Erlang's port mapper for one broker. Started by itself in the foreground: an Erlang node would start one in the background, listening
/// on all addresses, which then stays for ever.
/// </summary>
public sealed class PortMapperServer(int port, string logFile) : IServer
{
    /// <inheritdoc/>
    public string Name => "epmd";

    /// <inheritdoc/>
    public IReadOnlyList<int> Ports => [port];

    /// <inheritdoc/>
    public ProgramStart Start => new("epmd", ["-address", "127.0.0.1", "-port", port.ToString(CultureInfo.InvariantCulture)], logFile) { WorkingDirectory = "/" };

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return null;
        }
        catch (SocketException exception)
        {
            return exception.Message;
        }
    }
}
