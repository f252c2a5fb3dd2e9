using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Workspaces.LocalCluster.Node.Networking;

namespace Workspaces.LocalCluster.Node.Services.Names;

/// <summary>Answers pods' name queries at the address of the cluster's DNS, over UDP and TCP: the cluster's own names here, others by this machine's name servers.</summary>
internal sealed class NameServer : IAsyncDisposable
{
    private const int DomainPort = 53;
    private const int LargestQuery = 4096;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Socket _packets;
    private readonly Socket _listener;
    private readonly ClusterNames _names;
    private readonly UpstreamResolver _upstream;
    private readonly ILogger _log;
    private readonly Task _loops;

    private NameServer(Socket packets, Socket listener, ClusterNames names, UpstreamResolver upstream, ILogger log)
    {
        (_packets, _listener, _names, _upstream, _log) = (packets, listener, names, upstream, log);
        _loops = Task.WhenAll(Task.Run(ReceiveAsync), Task.Run(AcceptAsync));
    }

    public static async Task<NameServer> StartAsync(string routerFile, IPAddress address, ClusterNames names, UpstreamResolver upstream, ILogger log)
    {
        var packets = await NetworkNamespace.OpenAsync(routerFile, () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        var listener = await NetworkNamespace.OpenAsync(routerFile, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        packets.Bind(new IPEndPoint(address, DomainPort));
        listener.Bind(new IPEndPoint(address, DomainPort));
        listener.Listen();
        return new NameServer(packets, listener, names, upstream, log);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _packets.Dispose();
        _listener.Dispose();
        await _loops;
        _stopping.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[LargestQuery];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var received = await _packets.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
                _ = AnswerPacketAsync(buffer[..received.ReceivedBytes], received.RemoteEndPoint);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // An answer before could not be delivered: its client has gone.
            }
        }
    }

    private async Task AnswerPacketAsync(byte[] query, EndPoint client)
    {
        try
        {
            if (await AnswerAsync(query, overUdp: true) is { } answer)
            {
                await _packets.SendToAsync(answer, SocketFlags.None, client, _stopping.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The client has gone or the node stops.
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stopping.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The connection was gone before it was taken.
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var length = new byte[2];
        try
        {
            while (true)
            {
                idle.CancelAfter(Idle);
                await stream.ReadExactlyAsync(length, idle.Token);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query, idle.Token);
                if (await AnswerAsync(query, overUdp: false) is not { } answer)
                {
                    return;
                }

                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                await stream.WriteAsync(length, idle.Token);
                await stream.WriteAsync(answer, idle.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client is done, or quiet for long.
        }
    }

    /// <summary>The answer to a query; null for what is none.</summary>
    private async Task<byte[]?> AnswerAsync(byte[] query, bool overUdp)
    {
        if (DnsMessage.Read(query) is not { } question)
        {
            return null;
        }

        if (!DnsMessage.IsStandard(question))
        {
            return DnsMessage.Write(query, question, DnsMessage.NotImplemented, [], overUdp);
        }

        if (_names.Find(question.Name, question.Type) is { } answer)
        {
            IReadOnlyList<DnsRecord> records = answer.Alias is null ? answer.Records : [.. answer.Records, .. await AliasAsync(answer.Alias)];
            return DnsMessage.Write(query, question, answer.Exists ? DnsMessage.NoError : DnsMessage.NameError, records, overUdp);
        }

        if (await _upstream.AskAsync(query, overUdp, _stopping.Token) is { } foreign)
        {
            return foreign;
        }

        ServiceLog.ForwardFailed(_log, question.Name, "no name server of this machine answered");
        return DnsMessage.Write(query, question, DnsMessage.ServerFailure, [], overUdp);
    }

    /// <summary>The addresses of the name that an ExternalName Service stands for: in the cluster, or as this machine knows it.</summary>
    private async Task<IEnumerable<DnsRecord>> AliasAsync(string name)
    {
        if (_names.Find(name, DnsTypes.A) is { } inside)
        {
            return inside.Records;
        }

        try
        {
            return (await Dns.GetHostAddressesAsync(name, AddressFamily.InterNetwork, _stopping.Token)).Select(address => new DnsRecord(name, DnsTypes.A, address.GetAddressBytes()));
        }
        catch (SocketException e)
        {
            ServiceLog.ForwardFailed(_log, name, e.Message);
            return [];
        }
    }
}
