using System.Text;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Transport;

/// <summary>SSH_MSG_DISCONNECT (RFC 4253 section 11.1).</summary>
internal static class DisconnectMessage
{
    private const int MaxDescription = 1024;

    public static ReadOnlyMemory<byte> Create(DisconnectReason reason, string description)
    {
        var writer = SshWriter.Message(MessageNumber.Disconnect);
        writer.WriteUInt32((uint)reason);
        writer.WriteString(PlainText.WithoutControls(description, keepLines: true));
        writer.WriteString(""); // language tag
        return writer.WrittenMemory;
    }

    /// <summary>Reads a peer's message leniently: whatever it holds, the connection is over.</summary>
    public static SshDisconnectedException Parse(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new SshReader(payload[1..]);
            var reason = (DisconnectReason)reader.ReadUInt32();
            var description = reader.ReadString();
            var text = Encoding.UTF8.GetString(description[..Math.Min(description.Length, MaxDescription)]);
            return new(reason, PlainText.WithoutControls(text), byPeer: true);
        }
        catch (SshFormatException e)
        {
            return new(DisconnectReason.ProtocolError, "The other side disconnected with a malformed message.", byPeer: true, e);
        }
    }
}
