using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Workspaces.LocalCluster.Node.Services.Names;

/// <summary>Passes queries for names outside the cluster on to the name servers of this machine, as they are.</summary>
internal sealed class UpstreamResolver(string resolverFile)
{
    private const int DomainPort = 53;
    private const int LargestMessage = 65535;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The answer, or null when no name server gave one.</summary>
    public async Task<byte[]?> AskAsync(ReadOnlyMemory<byte> query, bool overUdp, CancellationToken ct)
    {
        foreach (var server in Servers())
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Patience);
            try
            {
                return overUdp ? await AskByPacketAsync(server, query, limit.Token) : await AskByConnectionAsync(server, query, limit.Token);
            }
            catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // This server does not answer; the next may.
            }
        }

        return null;
    }

    private static async Task<byte[]> AskByPacketAsync(IPAddress server, ReadOnlyMemory<byte> query, CancellationToken ct)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, DomainPort, ct);
        await socket.SendAsync(query, SocketFlags.None, ct);
        var buffer = new byte[LargestMessage];
        while (true)
        {
            // A packet of another number is not the answer to this query.
            var count = await socket.ReceiveAsync(buffer, SocketFlags.None, ct);
            if (count >= 2 && buffer.AsSpan(0, 2).SequenceEqual(query.Span[..2]))
            {
                return buffer[..count];
            }
        }
    }

    private static async Task<byte[]> AskByConnectionAsync(IPAddress server, ReadOnlyMemory<byte> query, CancellationToken ct)
    {
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server, DomainPort, ct);
        var stream = client.GetStream();
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)query.Length);
        await stream.WriteAsync(length, ct);
        await stream.WriteAsync(query, ct);
        await stream.ReadExactlyAsync(length, ct);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, ct);
        return answer;
    }

    private IEnumerable<IPAddress> Servers() =>
        !File.Exists(resolverFile) ? [] : File.ReadLines(resolverFile)
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(parts => parts is ["nameserver", ..])
            .Select(parts => IPAddress.TryParse(parts.ElementAtOrDefault(1), out var address) ? address : null)
            .OfType<IPAddress>();
}
