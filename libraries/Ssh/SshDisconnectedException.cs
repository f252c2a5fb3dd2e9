using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh;

/// <summary>The connection has ended: the peer sent DISCONNECT, the stream ended, or this side disconnected before.</summary>
/// <param name="reason">The peer's reason code; <see cref="DisconnectReason.ConnectionLost"/> where the stream just ended.</param>
/// <param name="description">The peer's words with control characters removed, or this library's.</param>
/// <param name="byPeer">Whether the peer ended it.</param>
/// <param name="inner">The failure of the stream, where there was one.</param>
public sealed class SshDisconnectedException(DisconnectReason reason, string description, bool byPeer, Exception? inner = null)
    : SshException(description, inner)
{
    /// <summary>The peer's reason code.</summary>
    public DisconnectReason Reason { get; } = reason;

    /// <summary>Whether the peer ended the connection.</summary>
    public bool ByPeer { get; } = byPeer;

    /// <summary>For reads and writes that fail because the connection has ended before.</summary>
    internal static SshDisconnectedException Because(Exception ending) => ending is SshDisconnectedException first
        ? new(first.Reason, first.Message, first.ByPeer, first)
        : new(DisconnectReason.ByApplication, ending.Message, byPeer: false, ending);
}
