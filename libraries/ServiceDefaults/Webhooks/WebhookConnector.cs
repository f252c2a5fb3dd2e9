using System.Net;
using System.Net.Sockets;

namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>
/// Makes the connections of webhooks. A name is resolved here, every address it has is judged, and the connection goes to an address
/// that was judged: a name that means something else a moment later (DNS rebinding) changes nothing.
/// </summary>
internal sealed class WebhookConnector(WebhookTargets targets, IHostResolver resolver)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolver.ResolveAsync(host, cancellationToken);

        // A public name that has private addresses as well is refused altogether: nobody needs that for an honest purpose.
        if (addresses.FirstOrDefault(address => !targets.Allows(address)) is { } refused)
        {
            throw new WebhookTargetRefusedException($"{host} has the address {refused}, which is not public, and this installation does not allow its network.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
