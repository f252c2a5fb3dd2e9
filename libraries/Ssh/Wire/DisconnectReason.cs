namespace Workspaces.Ssh.Wire;

/// <summary>Reason codes of SSH_MSG_DISCONNECT (RFC 4253 section 11.1, RFC 4250 section 4.2.2).</summary>
public enum DisconnectReason : uint
{
    /// <summary>The peer's address may not connect.</summary>
    HostNotAllowedToConnect = 1,

    /// <summary>A message was malformed, too long, or not allowed where it came.</summary>
    ProtocolError = 2,

    /// <summary>Negotiation or key exchange did not succeed.</summary>
    KeyExchangeFailed = 3,

    /// <summary>Reserved by the RFC.</summary>
    Reserved = 4,

    /// <summary>A packet's authentication tag is wrong.</summary>
    MacError = 5,

    /// <summary>Compression failed; this library never compresses.</summary>
    CompressionError = 6,

    /// <summary>The service that was asked for does not exist here.</summary>
    ServiceNotAvailable = 7,

    /// <summary>The peer speaks another version of the protocol.</summary>
    ProtocolVersionNotSupported = 8,

    /// <summary>The server's host key is not the expected one.</summary>
    HostKeyNotVerifiable = 9,

    /// <summary>The connection ended without a DISCONNECT.</summary>
    ConnectionLost = 10,

    /// <summary>The application ended the connection.</summary>
    ByApplication = 11,

    /// <summary>No room for another connection.</summary>
    TooManyConnections = 12,

    /// <summary>The person cancelled authentication.</summary>
    AuthenticationCancelledByUser = 13,

    /// <summary>No authentication method is left, or too many attempts were made.</summary>
    NoMoreAuthenticationMethodsAvailable = 14,

    /// <summary>The user name is not acceptable.</summary>
    IllegalUserName = 15,
}
