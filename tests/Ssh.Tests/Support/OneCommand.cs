using System.Text;
using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Tests.Support;

/// <summary>
/// As little of the connection protocol as a test of what lies below needs: one session with one command (RFC 4254).
/// <c>send N</c> sends N bytes, <c>receive N</c> takes N bytes and says so, anything else is echoed after the login name; all exit with 7.
/// </summary>
internal sealed class OneCommand(SshConnection connection, AuthenticatedUser user)
{
    private const uint Window = 2 * 1024 * 1024;
    private const int PacketLength = 32 * 1024;

    private uint _peerChannel;
    private uint _peerWindow;
    private long _received;
    private long _expected = -1;
    private Task _sending = Task.CompletedTask;
    private TaskCompletionSource _windowOpened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var packet = await connection.ReadPacketAsync(cancellationToken);
                await HandleAsync(packet, cancellationToken);
            }
        }
        catch (SshDisconnectedException e) when (e.ByPeer)
        {
            await _sending;
        }
    }

    private async Task HandleAsync(SshPacket packet, CancellationToken cancellationToken)
    {
        switch (packet.MessageNumber)
        {
            case MessageNumber.ChannelOpen:
                await WriteAsync(ConfirmOpen(packet.Payload.Span), cancellationToken);
                break;
            case MessageNumber.ChannelRequest:
                await RequestAsync(packet.Payload.ToArray(), cancellationToken);
                break;
            case MessageNumber.ChannelWindowAdjust:
                OpenWindow(packet.Payload.Span);
                break;
            case MessageNumber.ChannelData:
                await ReceiveAsync(packet.Payload.Length - 9, cancellationToken);
                break;
            case MessageNumber.GlobalRequest or MessageNumber.ChannelEof or MessageNumber.ChannelClose:
                break;
            default:
                await connection.ReplyUnimplementedAsync(cancellationToken);
                break;
        }
    }

    private SshWriter ConfirmOpen(ReadOnlySpan<byte> payload)
    {
        var reader = new SshReader(payload[1..]);
        reader.ReadString();
        _peerChannel = reader.ReadUInt32();
        _peerWindow = reader.ReadUInt32();
        var confirm = SshWriter.Message(MessageNumber.ChannelOpenConfirmation);
        confirm.WriteUInt32(_peerChannel);
        confirm.WriteUInt32(0);
        confirm.WriteUInt32(Window);
        confirm.WriteUInt32(PacketLength);
        return confirm;
    }

    private async Task RequestAsync(byte[] payload, CancellationToken cancellationToken)
    {
        var (type, wantReply, command) = Parse(payload);
        if (wantReply)
        {
            await WriteAsync(ToChannel(type is "exec" or "shell" ? MessageNumber.ChannelSuccess : MessageNumber.ChannelFailure), cancellationToken);
        }

        switch (command.Split(' '))
        {
            case ["send", var count]:
                _sending = SendAsync(long.Parse(count), cancellationToken);
                break;
            case ["receive", var count]:
                _expected = long.Parse(count);
                break;
            default:
                if (type is "exec" or "shell")
                {
                    await FinishAsync($"{user.UserName}: {command}\n", cancellationToken);
                }

                break;
        }
    }

    private static (string Type, bool WantReply, string Command) Parse(byte[] payload)
    {
        var reader = new SshReader(payload.AsSpan(5));
        var type = reader.ReadName();
        var wantReply = reader.ReadBoolean();
        return (type, wantReply, type == "exec" ? reader.ReadText() : "");
    }

    private void OpenWindow(ReadOnlySpan<byte> payload)
    {
        var reader = new SshReader(payload[5..]);
        Interlocked.Add(ref _peerWindow, reader.ReadUInt32());
        Interlocked.Exchange(ref _windowOpened, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private async Task SendAsync(long count, CancellationToken cancellationToken)
    {
        var data = new byte[PacketLength];
        while (count > 0)
        {
            var opened = _windowOpened.Task;
            var length = (uint)Math.Min(Math.Min(count, _peerWindow), PacketLength);
            if (length == 0)
            {
                await opened.WaitAsync(cancellationToken);
                continue;
            }

            Interlocked.Add(ref _peerWindow, unchecked((uint)-length));
            count -= length;
            await connection.WritePacketAsync(Data(data.AsSpan(0, (int)length)).WrittenMemory, cancellationToken);
        }

        await FinishAsync("", cancellationToken);
    }

    private async Task ReceiveAsync(int length, CancellationToken cancellationToken)
    {
        _received += length;
        var adjust = ToChannel(MessageNumber.ChannelWindowAdjust);
        adjust.WriteUInt32((uint)length);
        await WriteAsync(adjust, cancellationToken);
        if (_received == _expected)
        {
            await FinishAsync($"{_received} bytes\n", cancellationToken);
        }
    }

    private async Task FinishAsync(string text, CancellationToken cancellationToken)
    {
        await WriteAsync(Data(Encoding.UTF8.GetBytes(text)), cancellationToken);
        var status = ToChannel(MessageNumber.ChannelRequest);
        status.WriteString("exit-status");
        status.WriteBoolean(false);
        status.WriteUInt32(7);
        await WriteAsync(status, cancellationToken);
        await WriteAsync(ToChannel(MessageNumber.ChannelEof), cancellationToken);
        await WriteAsync(ToChannel(MessageNumber.ChannelClose), cancellationToken);
    }

    private SshWriter Data(ReadOnlySpan<byte> bytes)
    {
        var data = ToChannel(MessageNumber.ChannelData);
        data.WriteString(bytes);
        return data;
    }

    private SshWriter ToChannel(byte message)
    {
        var writer = SshWriter.Message(message);
        writer.WriteUInt32(_peerChannel);
        return writer;
    }

    /// <summary>For the reader, which must not wait for a key exchange that only it can go on with.</summary>
    private ValueTask WriteAsync(SshWriter message, CancellationToken cancellationToken) =>
        connection.ReplyAsync(message.WrittenMemory, cancellationToken);
}
