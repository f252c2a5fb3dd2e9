namespace Workspaces.Ssh.Ciphers;

/// <summary>AES-CTR, then HMAC, sending. The length field stays in the clear (OpenSSH PROTOCOL section 1.5).</summary>
internal sealed class CounterSealer(KeyMaterial material) : PacketSealer
{
    private readonly CounterMode _counter = new(material.EncryptionKey, material.InitialVector);
    private readonly PacketMac _mac = new(material.Mac!, material.IntegrityKey);

    public override int BlockLength => CounterMode.Block;

    public override int TagLength => _mac.Length;

    public override void Seal(uint sequenceNumber, Span<byte> packet)
    {
        var body = packet[LengthFieldLength..^_mac.Length];
        _counter.Transform(body, body);
        _mac.Compute(sequenceNumber, packet[..LengthFieldLength], body, packet[^_mac.Length..]);
    }

    public override void Dispose() => _mac.Dispose();
}
