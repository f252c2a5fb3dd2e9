using System.Security.Cryptography;
using Workspaces.Ssh.Ciphers;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>
/// One key exchange, after both KEXINIT (RFC 4253 section 7 and 8):
/// 1. agree on algorithms, 2. drop a wrongly guessed packet, 3. exchange public values, 4. hash, and prove or check the host key,
/// 5. NEWKEYS in both directions.
/// </summary>
internal sealed class KeyExchangeRun(ExchangeContext context, PacketReader incoming, OutgoingPackets outgoing)
{
    public async ValueTask<ExchangeResult> RunAsync(CancellationToken cancellationToken)
    {
        // 1.
        var algorithms = Negotiation.Agree(context.Client, context.Server);
        if (!context.IsFirst)
        {
            algorithms = algorithms with { StrictKeyExchange = context.Strict };
        }
        else if (algorithms.StrictKeyExchange && incoming.TotalPackets > 1)
        {
            // OpenSSH PROTOCOL section 1.10: KEXINIT must have been the first packet.
            throw Violation("A packet came before KEXINIT, which strict key exchange forbids.");
        }

        // 2.
        if (Negotiation.IsWrongGuess(context.Client, context.Server, context.Peer))
        {
            await incoming.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        // 3. and 4.
        using var method = KeyExchangeMethod.Create(algorithms.KeyExchange);
        var (secret, hash, hostKey, presented) = context.Role == SshRole.Server
            ? await ServeAsync(method, algorithms, cancellationToken).ConfigureAwait(false)
            : await AskAsync(method, algorithms, cancellationToken).ConfigureAwait(false);

        // 5.
        var sessionId = context.SessionId ?? hash;
        var keys = new KeyDerivation(method.Hash, secret, hash, sessionId);
        var (sealer, opener) = CreateCiphers(algorithms, keys);
        CryptographicOperations.ZeroMemory(secret);
        await outgoing.FinishKeyExchangeAsync(sealer, algorithms.StrictKeyExchange, FirstMessage(), cancellationToken).ConfigureAwait(false);
        await ReadMessageAsync(MessageNumber.NewKeys, algorithms, cancellationToken).ConfigureAwait(false);
        incoming.SwitchTo(opener, algorithms.StrictKeyExchange);
        return new(algorithms, sessionId, hostKey, presented);
    }

    /// <summary>The server's side of messages 30 and 31.</summary>
    private async ValueTask<(byte[] Secret, byte[] Hash, SshPublicKey HostKey, ReadOnlyMemory<byte> Presented)> ServeAsync(
        KeyExchangeMethod method, NegotiatedAlgorithms algorithms, CancellationToken cancellationToken)
    {
        var init = await ReadMessageAsync(MessageNumber.KexMethodInit, algorithms, cancellationToken).ConfigureAwait(false);
        var clientValue = ReadClientValue(init);
        var (serverValue, secret) = method.Respond(clientValue);
        var identity = ((SshServerOptions)context.Options).HostIdentities.First(candidate => candidate.Algorithm == algorithms.HostKey);
        var hash = ExchangeHash(method.Hash, identity.Blob.Span, clientValue, serverValue, secret);

        var reply = SshWriter.Message(MessageNumber.KexMethodReply);
        reply.WriteString(identity.Blob.Span);
        reply.WriteString(serverValue);
        reply.WriteString(identity.Key.Sign(identity.SignatureAlgorithm, hash));
        await outgoing.WriteKeyExchangeAsync(reply.WrittenMemory, flush: false, cancellationToken).ConfigureAwait(false);
        return (secret, hash, identity.Key.PublicKey, identity.Blob);
    }

    /// <summary>The client's side of messages 30 and 31.</summary>
    private async ValueTask<(byte[] Secret, byte[] Hash, SshPublicKey HostKey, ReadOnlyMemory<byte> Presented)> AskAsync(
        KeyExchangeMethod method, NegotiatedAlgorithms algorithms, CancellationToken cancellationToken)
    {
        var clientValue = method.Start();
        var init = SshWriter.Message(MessageNumber.KexMethodInit);
        init.WriteString(clientValue);
        await outgoing.WriteKeyExchangeAsync(init.WrittenMemory, flush: true, cancellationToken).ConfigureAwait(false);

        var reply = await ReadMessageAsync(MessageNumber.KexMethodReply, algorithms, cancellationToken).ConfigureAwait(false);
        var (blob, serverValue, signature) = ReadReply(reply);
        var hostKey = SshPublicKey.Parse(blob);
        var secret = method.Finish(serverValue);
        var hash = ExchangeHash(method.Hash, blob, clientValue, serverValue, secret);
        if (!hostKey.Verify(algorithms.HostKey, signature, hash))
        {
            throw new SshProtocolException(DisconnectReason.KeyExchangeFailed, "The server's signature over the key exchange is wrong.");
        }

        return ((SshClientOptions)context.Options).IsExpectedHostKey(hostKey)
            ? (secret, hash, hostKey, hostKey.Blob)
            : throw new SshProtocolException(DisconnectReason.HostKeyNotVerifiable, $"The server's host key {hostKey.Fingerprint} is not the expected one.");
    }

    /// <summary>RFC 8731 section 3, RFC 5656 section 4: everything both sides said, hashed.</summary>
    private byte[] ExchangeHash(HashAlgorithmName hash, ReadOnlySpan<byte> hostKey, ReadOnlySpan<byte> clientValue, ReadOnlySpan<byte> serverValue, ReadOnlySpan<byte> secret)
    {
        var writer = new SshWriter(4096);
        writer.WriteString(context.ClientIdentification.Line);
        writer.WriteString(context.ServerIdentification.Line);
        writer.WriteString(context.Client.Payload.Span);
        writer.WriteString(context.Server.Payload.Span);
        writer.WriteString(hostKey);
        writer.WriteString(clientValue);
        writer.WriteString(serverValue);
        writer.WriteRaw(secret);
        var digest = CryptographicOperations.HashData(hash, writer.WrittenSpan);
        writer.Erase();
        return digest;
    }

    private (PacketSealer Sealer, PacketOpener Opener) CreateCiphers(NegotiatedAlgorithms algorithms, KeyDerivation keys)
    {
        var isServer = context.Role == SshRole.Server;
        var toServer = Direction(
            algorithms.CipherToServer, algorithms.MacToServer,
            KeyDerivation.InitialVectorToServer, KeyDerivation.EncryptionKeyToServer, KeyDerivation.IntegrityKeyToServer);
        var toClient = Direction(
            algorithms.CipherToClient, algorithms.MacToClient,
            KeyDerivation.InitialVectorToClient, KeyDerivation.EncryptionKeyToClient, KeyDerivation.IntegrityKeyToClient);
        var outbound = isServer ? toClient : toServer;
        var inbound = isServer ? toServer : toClient;
        return (outbound.Cipher.CreateSealer(outbound.Material), inbound.Cipher.CreateOpener(inbound.Material));

        (CipherAlgorithm Cipher, KeyMaterial Material) Direction(string cipherName, string? mac, char vector, char encryption, char integrity)
        {
            var cipher = CipherAlgorithm.Named(cipherName);
            var macAlgorithm = mac is null ? null : MacAlgorithm.Named(mac);
            return (cipher, new KeyMaterial(
                keys.Derive(encryption, cipher.KeyLength),
                keys.Derive(vector, cipher.NonceLength),
                macAlgorithm,
                macAlgorithm is null ? [] : keys.Derive(integrity, macAlgorithm.Length)));
        }
    }

    /// <summary>What a server says right after its first NEWKEYS to a client that can hear it (RFC 8308 section 2.4).</summary>
    private ReadOnlyMemory<byte> FirstMessage() =>
        context is { IsFirst: true, Options: SshServerOptions server } && context.Client.KeyExchanges.Contains(KexInit.ExtInfoClient)
            ? ExtensionInfo.Message(
                (ExtensionInfo.ServerSignatureAlgorithms, string.Join(',', server.UserSignatureAlgorithms)),
                (ExtensionInfo.PublicKeyHostBound, "0"),
                (ExtensionInfo.Ping, "0"))
            : default;

    /// <summary>Reads the expected message; harmless transport messages may come in between, but never in a strict first exchange.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> ReadMessageAsync(byte expected, NegotiatedAlgorithms algorithms, CancellationToken cancellationToken)
    {
        while (true)
        {
            var payload = await incoming.ReadAsync(cancellationToken).ConfigureAwait(false);
            var number = payload.Span[0];
            if (number == expected)
            {
                return payload;
            }

            if (number == MessageNumber.Disconnect)
            {
                throw DisconnectMessage.Parse(payload.Span);
            }

            var harmless = number is MessageNumber.Ignore or MessageNumber.Debug or MessageNumber.Unimplemented;
            if (!harmless || (context.IsFirst && algorithms.StrictKeyExchange))
            {
                throw Violation($"Message {number} came in a key exchange where {expected} was expected.");
            }
        }
    }

    private static byte[] ReadClientValue(ReadOnlyMemory<byte> payload)
    {
        var reader = new SshReader(payload.Span[1..]);
        var value = reader.ReadString().ToArray();
        reader.ExpectEnd();
        return value;
    }

    private static (byte[] HostKey, byte[] Value, byte[] Signature) ReadReply(ReadOnlyMemory<byte> payload)
    {
        var reader = new SshReader(payload.Span[1..]);
        var hostKey = reader.ReadString().ToArray();
        var value = reader.ReadString().ToArray();
        var signature = reader.ReadString().ToArray();
        reader.ExpectEnd();
        return (hostKey, value, signature);
    }

    private static SshProtocolException Violation(string message) => new(DisconnectReason.KeyExchangeFailed, message);
}
