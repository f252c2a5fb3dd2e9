using Workspaces.Ssh.Transport;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>What one key exchange starts from.</summary>
internal sealed record ExchangeContext
{
    public required SshConnectionOptions Options { get; init; }

    public required SshIdentification ClientIdentification { get; init; }

    public required SshIdentification ServerIdentification { get; init; }

    public required KexInit Client { get; init; }

    public required KexInit Server { get; init; }

    /// <summary>The exchange hash of the first exchange (RFC 4253 section 7.2); null in the first exchange itself.</summary>
    public required byte[]? SessionId { get; init; }

    /// <summary>Whether strict key exchange was agreed on in the first exchange.</summary>
    public required bool Strict { get; init; }

    public bool IsFirst => SessionId is null;

    public SshRole Role => Options is SshServerOptions ? SshRole.Server : SshRole.Client;

    public KexInit Own => Role == SshRole.Server ? Server : Client;

    public KexInit Peer => Role == SshRole.Server ? Client : Server;
}
