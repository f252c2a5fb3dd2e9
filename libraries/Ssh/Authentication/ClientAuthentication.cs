using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Authentication;

/// <summary>The client's side of authentication with a key (RFC 4252 section 7), plain or with a certificate.</summary>
public static class ClientAuthentication
{
    /// <summary>Messages other than the answer that a server may send before it.</summary>
    private const int MaxMessages = 1000;

    /// <summary>Logs in for the connection protocol.</summary>
    /// <param name="connection">The connection, after its key exchange.</param>
    /// <param name="userName">The user to log in as.</param>
    /// <param name="key">The key to sign with.</param>
    /// <param name="certificate">A certificate of that key to present, or null.</param>
    /// <param name="onBanner">Gets texts that the server wants shown, without control characters; or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SshAuthenticationException">The server refused.</exception>
    public static async ValueTask AuthenticateAsync(
        SshConnection connection, string userName, SshPrivateKey key, SshCertificate? certificate, Action<string>? onBanner, CancellationToken cancellationToken)
    {
        var service = SshWriter.Message(MessageNumber.ServiceRequest);
        service.WriteString(AuthenticationNames.UserAuthService);
        await connection.WritePacketAsync(service.WrittenMemory, cancellationToken).ConfigureAwait(false);
        await ReadAnswerAsync(connection, MessageNumber.ServiceAccept, onBanner, cancellationToken).ConfigureAwait(false);

        await connection.WritePacketAsync(CreateRequest(connection, userName, key, certificate), cancellationToken).ConfigureAwait(false);
        await ReadAnswerAsync(connection, MessageNumber.UserAuthSuccess, onBanner, cancellationToken).ConfigureAwait(false);
        connection.MarkAuthenticated();
    }

    private static ReadOnlyMemory<byte> CreateRequest(SshConnection connection, string userName, SshPrivateKey key, SshCertificate? certificate)
    {
        // RFC 8332 section 3.3: among what the key can do, the first that the server says it takes.
        var accepted = connection.PeerExtensions?.List(KeyExchange.ExtensionInfo.ServerSignatureAlgorithms);
        var algorithm = key.PublicKey.SignatureAlgorithms.FirstOrDefault(name => accepted is null || accepted.Contains(name))
            ?? throw new SshAuthenticationException($"The server takes no signatures by keys of type {key.PublicKey.KeyType}.");

        var request = SshWriter.Message(MessageNumber.UserAuthRequest);
        request.WriteString(userName);
        request.WriteString(AuthenticationNames.ConnectionService);
        request.WriteString(AuthenticationNames.PublicKey);
        request.WriteBoolean(true);
        request.WriteString(AlgorithmName(algorithm, certificate));
        request.WriteString(certificate is null ? key.PublicKey.Blob.Span : certificate.Blob.Span);

        // RFC 4252 section 7: the signature covers the session identifier, then the request.
        var signed = new SshWriter();
        signed.WriteString(connection.SessionId.Span);
        signed.WriteRaw(request.WrittenSpan);
        request.WriteString(key.Sign(algorithm, signed.WrittenSpan));
        return request.WrittenMemory;
    }

    /// <summary>With a certificate the algorithm is the certificate's; for RSA it names the hash as well (OpenSSH PROTOCOL.certkeys).</summary>
    private static string AlgorithmName(string algorithm, SshCertificate? certificate) => certificate switch
    {
        null => algorithm,
        { Key.KeyType: KeyTypes.Rsa } => algorithm + CertificateNames.TypeSuffix,
        _ => certificate.TypeName,
    };

    private static async ValueTask ReadAnswerAsync(SshConnection connection, byte expected, Action<string>? onBanner, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MaxMessages; i++)
        {
            var packet = await connection.ReadPacketAsync(cancellationToken).ConfigureAwait(false);
            switch (packet.MessageNumber)
            {
                case var number when number == expected:
                    return;
                case MessageNumber.UserAuthBanner:
                    onBanner?.Invoke(ReadBanner(packet));
                    break;
                case MessageNumber.UserAuthFailure:
                    throw new SshAuthenticationException($"The server refused the key. It would take: {ReadMethods(packet)}.");
                default:
                    await connection.DisconnectAsync(DisconnectReason.ProtocolError, "Unexpected message in authentication.").ConfigureAwait(false);
                    throw new SshProtocolException(DisconnectReason.ProtocolError, $"The server sent message {packet.MessageNumber} in authentication.");
            }
        }

        await connection.DisconnectAsync(DisconnectReason.ProtocolError, "Too many messages in authentication.").ConfigureAwait(false);
        throw new SshProtocolException(DisconnectReason.ProtocolError, "The server sent too many messages in authentication.");
    }

    private static string ReadBanner(SshPacket packet)
    {
        var reader = new SshReader(packet.Payload.Span[1..]);
        return PlainText.WithoutControls(reader.ReadText().Replace("\r\n", "\n", StringComparison.Ordinal), keepLines: true);
    }

    private static string ReadMethods(SshPacket packet)
    {
        var reader = new SshReader(packet.Payload.Span[1..]);
        return PlainText.WithoutControls(string.Join(", ", reader.ReadNameList()));
    }
}
