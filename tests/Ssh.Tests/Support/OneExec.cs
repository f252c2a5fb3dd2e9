using System.Text;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Tests.Support;

/// <summary>The client's side of one command (RFC 4254 section 6.5).</summary>
internal static class OneExec
{
    public static async Task<string> RunAsync(SshConnection connection, string command, CancellationToken cancellationToken)
    {
        var open = SshWriter.Message(MessageNumber.ChannelOpen);
        open.WriteString("session");
        open.WriteUInt32(0);
        open.WriteUInt32(1024 * 1024);
        open.WriteUInt32(32 * 1024);
        await connection.WritePacketAsync(open.WrittenMemory, cancellationToken);
        var output = new StringBuilder();
        while (true)
        {
            var packet = await connection.ReadPacketAsync(cancellationToken);
            switch (packet.MessageNumber)
            {
                case MessageNumber.ChannelOpenConfirmation:
                    await connection.ReplyAsync(Exec(packet, command), cancellationToken);
                    break;
                case MessageNumber.ChannelData:
                    output.Append(Encoding.UTF8.GetString(packet.Payload.Span[9..]));
                    break;
                case MessageNumber.ChannelClose:
                    return output.ToString().Trim();
            }
        }
    }

    private static ReadOnlyMemory<byte> Exec(SshPacket confirmation, string command)
    {
        var reader = new SshReader(confirmation.Payload.Span[5..]);
        var exec = SshWriter.Message(MessageNumber.ChannelRequest);
        exec.WriteUInt32(reader.ReadUInt32());
        exec.WriteString("exec");
        exec.WriteBoolean(true);
        exec.WriteString(command);
        return exec.WrittenMemory;
    }
}
