namespace Workspaces.Ssh.Ciphers;

/// <summary>HMAC of the plain packet, beside AES-CTR of the whole packet with its length field, sending (RFC 4253 section 6.4).</summary>
internal sealed class CounterAndMacSealer(KeyMaterial material) : PacketSealer
{
    private readonly CounterMode _counter = new(material.EncryptionKey, material.InitialVector);
    private readonly PacketMac _mac = new(material.Mac!, material.IntegrityKey);

    public override int BlockLength => CounterMode.Block;

    public override bool AlignsLengthField => true;

    public override int TagLength => _mac.Length;

    public override void Seal(uint sequenceNumber, Span<byte> packet)
    {
        var plain = packet[..^_mac.Length];
        _mac.Compute(sequenceNumber, plain[..LengthFieldLength], plain[LengthFieldLength..], packet[^_mac.Length..]);
        _counter.Transform(plain, plain);
    }

    public override void Dispose() => _mac.Dispose();
}
