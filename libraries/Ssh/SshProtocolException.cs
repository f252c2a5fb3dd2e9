using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh;

/// <summary>The peer violated the protocol or a limit, or nothing could be agreed on. The connection has been ended with <see cref="Reason"/>.</summary>
public sealed class SshProtocolException(DisconnectReason reason, string message, Exception? inner = null) : SshException(message, inner)
{
    /// <summary>The reason code that the peer was sent.</summary>
    public DisconnectReason Reason { get; } = reason;
}
