using System.IO.Pipelines;
using System.Text;
using Workspaces.Ssh.Ciphers;
using Workspaces.Ssh.KeyExchange;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Transport;

/// <summary>Identification, key exchanges and transport messages of a connection.</summary>
public sealed partial class SshConnection
{
    /// <summary>Lines that a server may send before its identification (RFC 4253 section 4.2 sets no limit; OpenSSH takes 1024).</summary>
    private const int MaxLinesBeforeIdentification = 64;

    private byte[] _sessionId = [];
    private bool _strict;
    private bool _leaveOutChaCha;
    private long _keysSince;
    private ITimer? _rekeyDeadline;
    private RekeyTurn? _rekeyTurn;

    /// <summary>What the peer announced by EXT_INFO (RFC 8308), or null.</summary>
    internal ExtensionInfo? PeerExtensions { get; private set; }

    private static async ValueTask<SshConnection> StartAsync(IDuplexPipe transport, SshConnectionOptions options, CancellationToken cancellationToken)
    {
        var connection = new SshConnection(transport, options);
        using var deadline = new CancellationTokenSource(options.HandshakeTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await connection.ExchangeIdentificationsAsync(either.Token).ConfigureAwait(false);
            await connection.FirstKeyExchangeAsync(either.Token).ConfigureAwait(false);
            return connection;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        catch (Exception e)
        {
            var late = e is OperationCanceledException && deadline.IsCancellationRequested
                ? new SshProtocolException(DisconnectReason.KeyExchangeFailed, "Identification and key exchange took too long.", e)
                : e;
            var seen = await connection.EndAfterAsync(late).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
            throw seen;
        }
    }

    /// <summary>RFC 4253 section 4.2.</summary>
    private async ValueTask ExchangeIdentificationsAsync(CancellationToken cancellationToken)
    {
        await _outgoing.WriteIdentificationAsync(Encoding.ASCII.GetBytes(Identification.Line + "\r\n"), cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < MaxLinesBeforeIdentification; i++)
        {
            var line = await _incoming.ReadLineAsync(SshIdentification.MaxLength, cancellationToken).ConfigureAwait(false)
                ?? throw new SshDisconnectedException(DisconnectReason.ConnectionLost, "The connection was closed before an identification came.", byPeer: true);
            if (line.AsSpan().StartsWith("SSH-"u8) || Role == SshRole.Server)
            {
                PeerIdentification = SshIdentification.Parse(line);
                return;
            }
        }

        throw new SshProtocolException(DisconnectReason.ProtocolVersionNotSupported, "Too many lines came before the server's identification.");
    }

    private async ValueTask FirstKeyExchangeAsync(CancellationToken cancellationToken)
    {
        KexInit? peer = null;
        if (_options is SshServerOptions { PreferAesGcm: true } server)
        {
            peer = await TryReadKexInitAsync(server.ClientKexInitWait, cancellationToken).ConfigureAwait(false);
            _leaveOutChaCha = peer is not null && OffersGcm(peer.CiphersToServer) && OffersGcm(peer.CiphersToClient);
        }

        var own = await _outgoing.BeginKeyExchangeAsync(answering: true, CreateKexInit).ConfigureAwait(false);
        peer ??= await ReadKexInitAsync(cancellationToken).ConfigureAwait(false);
        await RunKeyExchangeAsync(own!, peer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<KexInit?> TryReadKexInitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(wait, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await ReadKexInitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // A client that waits for the server's KEXINIT: go first then.
            return null;
        }
    }

    private async ValueTask<KexInit> ReadKexInitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var payload = await _incoming.ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (payload.Span[0])
            {
                case MessageNumber.KexInit:
                    return KexInit.Parse(payload);
                case MessageNumber.Disconnect:
                    throw DisconnectMessage.Parse(payload.Span);
                case MessageNumber.Ignore or MessageNumber.Debug:
                    break;
                default:
                    throw new SshProtocolException(DisconnectReason.ProtocolError, $"Message {payload.Span[0]} came before KEXINIT.");
            }
        }
    }

    private KexInit CreateKexInit()
    {
        var first = _sessionId.Length == 0;
        var (hostKeys, signals) = _options switch
        {
            SshServerOptions server => (server.HostIdentities.Select(identity => identity.Algorithm), KexSignalsOfServer),
            SshClientOptions client => (client.HostKeyAlgorithms, KexSignalsOfClient),
            _ => throw new InvalidOperationException("Options of neither role."),
        };
        return KexInit.Create(
            first ? _options.KeyExchanges.Concat(signals) : _options.KeyExchanges,
            hostKeys,
            _leaveOutChaCha ? _options.Ciphers.Where(cipher => cipher != CipherAlgorithm.ChaCha20Poly1305) : _options.Ciphers,
            _options.Macs);
    }

    private static string[] KexSignalsOfServer { get; } = [KexInit.StrictServer];

    private static string[] KexSignalsOfClient { get; } = [KexInit.ExtInfoClient, KexInit.StrictClient];

    private static bool OffersGcm(string[] ciphers) => ciphers.Contains(CipherAlgorithm.Aes128Gcm) || ciphers.Contains(CipherAlgorithm.Aes256Gcm);

    private bool IsRekeyDue()
    {
        if (!_authenticated || _outgoing.IsExchanging)
        {
            return false;
        }

        var limits = _options.RekeyLimits;
        return (_incoming.KeyBytes >= limits.Bytes || _outgoing.KeyBytes >= limits.Bytes
                || _incoming.KeyPackets >= limits.Packets || _outgoing.KeyPackets >= limits.Packets
                || _options.TimeProvider.GetElapsedTime(_keysSince) >= limits.Age)
            && CanBeginKeyExchange();
    }

    private bool CanBeginKeyExchange() =>
        _authenticated && !_outgoing.IsExchanging && (_rekeyTurn is not { } turn || turn.TryTake(this));

    /// <summary>Asks for new keys. The rest happens when the reader meets the peer's KEXINIT.</summary>
    private async ValueTask BeginKeyExchangeAsync()
    {
        StartRekeyDeadline();
        await _outgoing.BeginKeyExchangeAsync(answering: false, CreateKexInit).ConfigureAwait(false);
    }

    /// <summary>The peer asks for new keys, or answers. The reader does nothing else until the exchange is over.</summary>
    private async ValueTask HandleKexInitAsync(ReadOnlyMemory<byte> payload)
    {
        if (!_authenticated && Role == SshRole.Server)
        {
            // Nobody needs it there, and key exchanges are what costs a server most.
            throw new SshProtocolException(DisconnectReason.ProtocolError, "Keys cannot be renewed before login.");
        }

        var peer = KexInit.Parse(payload);
        StartRekeyDeadline();
        var own = await _outgoing.BeginKeyExchangeAsync(answering: true, CreateKexInit).ConfigureAwait(false);
        await RunKeyExchangeAsync(own!, peer, CancellationToken.None).ConfigureAwait(false);
    }

    private async ValueTask RunKeyExchangeAsync(KexInit own, KexInit peer, CancellationToken cancellationToken)
    {
        var isServer = Role == SshRole.Server;
        var context = new ExchangeContext
        {
            Options = _options,
            ClientIdentification = isServer ? PeerIdentification : Identification,
            ServerIdentification = isServer ? Identification : PeerIdentification,
            Client = isServer ? peer : own,
            Server = isServer ? own : peer,
            SessionId = _sessionId.Length == 0 ? null : _sessionId,
            Strict = _strict,
        };
        var result = await new KeyExchangeRun(context, _incoming, _outgoing).RunAsync(cancellationToken).ConfigureAwait(false);
        Algorithms = result.Algorithms;
        HostKey = result.HostKey;
        PresentedHostKey = result.PresentedHostKey;
        _sessionId = result.SessionId;
        _strict = result.Algorithms.StrictKeyExchange;
        _keysSince = _options.TimeProvider.GetTimestamp();
        await _outgoing.EndKeyExchangeAsync().ConfigureAwait(false);
        _rekeyTurn?.Release(this);
    }

    /// <summary>Gives the coming key exchange a deadline. A timer that outlives its exchange finds the count gone up and does nothing.</summary>
    private void StartRekeyDeadline()
    {
        var exchange = KeyExchanges;
        _rekeyDeadline?.Dispose();
        _rekeyDeadline = _options.TimeProvider.CreateTimer(
            _ =>
            {
                if (KeyExchanges == exchange)
                {
                    // Never throws, and nobody waits for it: it makes every read and write fail.
                    _ = DisconnectAsync(DisconnectReason.KeyExchangeFailed, "The other side did not complete a key exchange in time.");
                }
            },
            null,
            _options.RekeyTimeout,
            Timeout.InfiniteTimeSpan);
    }

    private bool IsForLayersAbove(byte number) => number switch
    {
        MessageNumber.Ping or MessageNumber.Pong => false,
        MessageNumber.UserAuthRequest => !(_authenticated && Role == SshRole.Server),
        _ => number is MessageNumber.ServiceRequest or MessageNumber.ServiceAccept or > MessageNumber.LastTransport,
    };

    private async ValueTask HandleTransportMessageAsync(ReadOnlyMemory<byte> payload)
    {
        switch (payload.Span[0])
        {
            case MessageNumber.Disconnect:
                throw DisconnectMessage.Parse(payload.Span);
            case MessageNumber.KexInit:
                await HandleKexInitAsync(payload).ConfigureAwait(false);
                break;
            case MessageNumber.ExtInfo:
                PeerExtensions = ExtensionInfo.Parse(payload.Span);
                break;
            case MessageNumber.Ping:
                await ReplyAsync(PongTo(payload), CancellationToken.None).ConfigureAwait(false);
                break;
            case MessageNumber.Ignore or MessageNumber.Debug or MessageNumber.Unimplemented or MessageNumber.Pong or MessageNumber.UserAuthRequest:
                break;
            case MessageNumber.NewKeys or (>= MessageNumber.KexMethodInit and <= MessageNumber.LastTransport):
                throw new SshProtocolException(DisconnectReason.ProtocolError, $"Message {payload.Span[0]} came outside of a key exchange.");
            default:
                await ReplyUnimplementedAsync(CancellationToken.None).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>The same data back (OpenSSH PROTOCOL section 1.9).</summary>
    private static ReadOnlyMemory<byte> PongTo(ReadOnlyMemory<byte> payload)
    {
        var reader = new SshReader(payload.Span[1..]);
        var pong = SshWriter.Message(MessageNumber.Pong);
        pong.WriteString(reader.ReadString());
        reader.ExpectEnd();
        return pong.WrittenMemory;
    }
}
