namespace Workspaces.Ssh.Transport;

/// <summary>What both sides agreed on (RFC 4253 section 7.1).</summary>
/// <param name="KeyExchange">The key exchange method.</param>
/// <param name="HostKey">The host key's signature algorithm.</param>
/// <param name="CipherToServer">The cipher from client to server.</param>
/// <param name="CipherToClient">The cipher from server to client.</param>
/// <param name="MacToServer">The message authentication code from client to server; null where the cipher authenticates itself.</param>
/// <param name="MacToClient">The message authentication code from server to client; null where the cipher authenticates itself.</param>
/// <param name="StrictKeyExchange">Whether both sides enforce strict key exchange (OpenSSH PROTOCOL section 1.10).</param>
public sealed record NegotiatedAlgorithms(
    string KeyExchange,
    string HostKey,
    string CipherToServer,
    string CipherToClient,
    string? MacToServer,
    string? MacToClient,
    bool StrictKeyExchange);
