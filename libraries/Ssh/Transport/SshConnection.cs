using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Transport;

/// <summary>
/// One SSH-2 connection in either role: the transport layer of RFC 4253, encrypted, with key exchanges going on by themselves.
/// What is read and written are messages of the layers above: authentication, and the connection protocol.
/// </summary>
/// <remarks>
/// <para>One reader, any number of writers. Somebody must keep reading: key exchanges proceed inside <see cref="ReadPacketAsync"/>, and a
/// write may wait for one.</para>
/// <para>Whatever the peer does wrong ends the connection with a DISCONNECT and an <see cref="SshException"/> from the read.</para>
/// </remarks>
public sealed partial class SshConnection : IAsyncDisposable
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private readonly SshConnectionOptions _options;
    private readonly PipeReader _input;
    private readonly PacketReader _incoming;
    private readonly OutgoingPackets _outgoing;
    private readonly Queue<byte[]> _early = new();
    private readonly CancellationTokenSource _closed = new();
    private Exception? _ending;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _authenticated;

    private SshConnection(IDuplexPipe transport, SshConnectionOptions options)
    {
        _options = options;
        _input = transport.Input;
        _incoming = new PacketReader(transport.Input, options.MaxPacketLength);
        _outgoing = new OutgoingPackets(transport.Output, () => Volatile.Read(ref _ending));
        Closed = _closed.Token;
    }

    /// <summary>Which side this is.</summary>
    public SshRole Role => _options is SshServerOptions ? SshRole.Server : SshRole.Client;

    /// <summary>This side's identification.</summary>
    public SshIdentification Identification => _options.Identification;

    /// <summary>The peer's identification.</summary>
    public SshIdentification PeerIdentification { get; private set; } = null!;

    /// <summary>What the last key exchange agreed on.</summary>
    public NegotiatedAlgorithms Algorithms { get; private set; } = null!;

    /// <summary>The server's host key as of the last key exchange.</summary>
    public SshPublicKey HostKey { get; private set; } = null!;

    /// <summary>What the server presented in the last key exchange: its host key, or a certificate of it.</summary>
    public ReadOnlyMemory<byte> PresentedHostKey { get; private set; }

    /// <summary>What signatures in authentication cover (RFC 4253 section 7.2).</summary>
    public ReadOnlyMemory<byte> SessionId => _sessionId;

    /// <summary>Key exchanges done, the first one included.</summary>
    public int KeyExchanges => _outgoing.KeyExchanges;

    /// <summary>Bytes received on the wire.</summary>
    public long BytesReceived => _incoming.TotalBytes;

    /// <summary>Bytes sent on the wire.</summary>
    public long BytesSent => _outgoing.TotalBytes;

    /// <summary>Whether the next packet has arrived, so that reading it does not wait: a relay flushes when there is none.</summary>
    public bool HasPacket => _early.Count > 0 || _incoming.HasPacket;

    /// <summary>Cancelled when the connection has ended, for whatever reason.</summary>
    public CancellationToken Closed { get; }

    /// <summary>Serves one connection: identification and first key exchange.</summary>
    /// <exception cref="SshException">The client did not get through; it has been told why.</exception>
    public static ValueTask<SshConnection> AcceptAsync(IDuplexPipe transport, SshServerOptions options, CancellationToken cancellationToken) =>
        StartAsync(transport, options, cancellationToken);

    /// <summary>Makes one connection: identification and first key exchange.</summary>
    /// <exception cref="SshException">The server is not acceptable, or does not accept.</exception>
    public static ValueTask<SshConnection> ConnectAsync(IDuplexPipe transport, SshClientOptions options, CancellationToken cancellationToken) =>
        StartAsync(transport, options, cancellationToken);

    /// <summary>Reads the next message of the layers above. Transport messages are handled on the way.</summary>
    /// <remarks>A cancelled read loses nothing; the next one goes on.</remarks>
    /// <exception cref="SshDisconnectedException">The connection has ended.</exception>
    /// <exception cref="SshProtocolException">The peer violated the protocol; the connection has been ended.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SshPacket> ReadPacketAsync(CancellationToken cancellationToken)
    {
        while (_early.TryDequeue(out var early))
        {
            if (IsForLayersAbove(early[0]))
            {
                return new SshPacket(early);
            }
        }

        try
        {
            while (true)
            {
                var payload = await _incoming.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (IsForLayersAbove(payload.Span[0]))
                {
                    return new SshPacket(payload);
                }

                await HandleTransportMessageAsync(payload).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested || e is not OperationCanceledException)
        {
            throw await EndAfterAsync(e).ConfigureAwait(false);
        }
    }

    /// <summary>Writes a message and sends it off; waits while a key exchange is running or the peer takes no more.</summary>
    public ValueTask WritePacketAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        WritePacketAsync(payload, flush: true, cancellationToken);

    /// <summary>Writes a message; without <paramref name="flush"/> it leaves with a later flush, at the latest after 64 KiB.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WritePacketAsync(ReadOnlyMemory<byte> payload, bool flush, CancellationToken cancellationToken)
    {
        try
        {
            if (IsRekeyDue())
            {
                await BeginKeyExchangeAsync().ConfigureAwait(false);
            }

            await _outgoing.WriteAsync(payload, flush, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested || e is not OperationCanceledException)
        {
            throw await EndAfterAsync(e).ConfigureAwait(false);
        }
    }

    /// <summary>Sends off what was written without a flush.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _outgoing.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested || e is not OperationCanceledException)
        {
            throw await EndAfterAsync(e).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Writes what the reader of this connection owes its peer. Never waits for a key exchange, as that would wait for the reader: the
    /// message is queued until it is over. The queue is bounded; a peer that fills it is disconnected.
    /// </summary>
    public async ValueTask ReplyAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        try
        {
            if (IsRekeyDue())
            {
                await BeginKeyExchangeAsync().ConfigureAwait(false);
            }

            await _outgoing.ReplyAsync(payload, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested || e is not OperationCanceledException)
        {
            throw await EndAfterAsync(e).ConfigureAwait(false);
        }
    }

    /// <summary>Answers the packet that was read last with UNIMPLEMENTED (RFC 4253 section 11.4).</summary>
    public ValueTask ReplyUnimplementedAsync(CancellationToken cancellationToken)
    {
        var message = SshWriter.Message(MessageNumber.Unimplemented);
        message.WriteUInt32(_incoming.LastSequenceNumber);
        return ReplyAsync(message.WrittenMemory, cancellationToken);
    }

    /// <summary>Asks for new keys now, whatever the limits say. Does nothing while a key exchange is running, or another connection of the same <see cref="RekeyTurn"/> waits for one.</summary>
    public async ValueTask RekeyAsync()
    {
        if (CanBeginKeyExchange())
        {
            await BeginKeyExchangeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Connections that carry each other's traffic must share a turn, before the first packet is relayed.</summary>
    public void ShareRekeyTurn(RekeyTurn turn) => _rekeyTurn = turn;

    /// <summary>Ends the connection with a reason that a person can read. Only the first ending counts; never throws.</summary>
    public async Task DisconnectAsync(DisconnectReason reason, string description)
    {
        await EndAsync(new SshProtocolException(reason, description), DisconnectMessage.Create(reason, description)).ConfigureAwait(false);
    }

    /// <summary>Gives the stream back. No read or write may be going on.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync(DisconnectReason.ByApplication, "The connection was closed.").ConfigureAwait(false);
        await _ended.Task.ConfigureAwait(false);
        _incoming.Dispose();
        _outgoing.Dispose();
        _closed.Dispose();
    }

    /// <summary>Server: signature algorithms accepted from users.</summary>
    internal IReadOnlyList<string> UserSignatureAlgorithms =>
        _options is SshServerOptions server ? server.UserSignatureAlgorithms : throw new InvalidOperationException("Only a server authenticates users.");

    internal TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>Login has succeeded: from here on keys may be renewed, and late authentication requests are ignored (RFC 4252 section 5.3).</summary>
    internal void MarkAuthenticated() => _authenticated = true;

    /// <summary>Puts back what was read too early; the next reads return it first.</summary>
    internal void PutBack(IEnumerable<byte[]> payloads)
    {
        foreach (var payload in payloads)
        {
            _early.Enqueue(payload);
        }
    }

    /// <summary>Ends the connection as an exception demands and returns what the caller shall see instead.</summary>
    private async ValueTask<Exception> EndAfterAsync(Exception e)
    {
        switch (e)
        {
            case SshProtocolException violation:
                await EndAsync(violation, DisconnectMessage.Create(violation.Reason, violation.Message)).ConfigureAwait(false);
                return violation;
            case SshFormatException or CryptographicException:
                var malformed = new SshProtocolException(DisconnectReason.ProtocolError, e.Message, e);
                await EndAsync(malformed, DisconnectMessage.Create(malformed.Reason, malformed.Message)).ConfigureAwait(false);
                return malformed;
            case SshDisconnectedException:
                await EndAsync(e, default).ConfigureAwait(false);
                return e;
            case var _ when Volatile.Read(ref _ending) is { } ending:
                return SshDisconnectedException.Because(ending);
            case var _ when TransportFailure.Is(e):
                var lost = new SshDisconnectedException(DisconnectReason.ConnectionLost, "The connection was lost.", byPeer: true, e);
                await EndAsync(lost, default).ConfigureAwait(false);
                return lost;
            default:
                await EndAsync(e, DisconnectMessage.Create(DisconnectReason.ByApplication, "Internal error.")).ConfigureAwait(false);
                return e;
        }
    }

    private async Task EndAsync(Exception cause, ReadOnlyMemory<byte> lastMessage)
    {
        if (Interlocked.CompareExchange(ref _ending, cause, null) is not null)
        {
            return;
        }

        try
        {
            await _outgoing.EndAsync(lastMessage, EndPatience).ConfigureAwait(false);
            _rekeyDeadline?.Dispose();
            _rekeyTurn?.Release(this);
            _input.CancelPendingRead();
            await _closed.CancelAsync().ConfigureAwait(false);
        }
        finally
        {
            _ended.SetResult();
        }
    }
}
