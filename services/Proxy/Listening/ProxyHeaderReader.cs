using System.Net;
using Microsoft.AspNetCore.Connections;
using Workspaces.Proxy.Addresses;

namespace Workspaces.Proxy.Listening;

/// <summary>
/// Takes the PROXY header from connections of the load balancers that are configured, and puts the client that it names in the place of
/// the balancer. A header from anybody else is not read: it would let a client call itself whatever it likes.
/// </summary>
internal sealed class ProxyHeaderReader(AddressList balancers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads the header, where there has to be one.</summary>
    /// <exception cref="FormatException">The balancer sent something else.</exception>
    /// <exception cref="OperationCanceledException">It did not send it in time, or the connection was closed.</exception>
    public async ValueTask ReadAsync(ConnectionContext connection)
    {
        if (connection.RemoteEndPoint is not IPEndPoint peer || !balancers.Contains(peer.Address))
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        patience.CancelAfter(Patience);
        while (true)
        {
            var read = await connection.Transport.Input.ReadAsync(patience.Token);
            if (ProxyHeader.TryRead(read.Buffer, out var length, out var client))
            {
                connection.Transport.Input.AdvanceTo(read.Buffer.GetPosition(length));
                connection.RemoteEndPoint = client ?? connection.RemoteEndPoint;
                return;
            }

            if (read.IsCompleted)
            {
                throw new FormatException("A connection from a load balancer ended before its PROXY header did.");
            }

            connection.Transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
