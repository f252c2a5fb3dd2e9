namespace Workspaces.Ssh.Ciphers;

/// <summary>chacha20-poly1305@openssh.com, sending (OpenSSH PROTOCOL.chacha20poly1305).</summary>
internal sealed class ChaChaSealer(byte[] key) : PacketSealer
{
    private readonly ChaChaKeys _keys = new(key);

    public override int BlockLength => ChaChaKeys.Block;

    public override int TagLength => ChaChaKeys.Tag;

    public override void Seal(uint sequenceNumber, Span<byte> packet)
    {
        var lengthField = packet[..LengthFieldLength];
        var body = packet[LengthFieldLength..^ChaChaKeys.Tag];
        _keys.TransformLength(sequenceNumber, lengthField, lengthField);
        _keys.StartPacket(sequenceNumber);
        _keys.TransformBody(body, body);
        _keys.ComputeTag(lengthField, body, packet[^ChaChaKeys.Tag..]);
    }

    public override void Dispose()
    {
    }
}
