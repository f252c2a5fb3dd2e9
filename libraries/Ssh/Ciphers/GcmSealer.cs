using System.Security.Cryptography;

namespace Workspaces.Ssh.Ciphers;

/// <summary>aes128-gcm@openssh.com and aes256-gcm@openssh.com (RFC 5647, with the length field as associated data).</summary>
internal sealed class GcmSealer(ReadOnlySpan<byte> key, ReadOnlySpan<byte> initialNonce) : PacketSealer
{
    public const int Tag = 16;
    public const int Block = 16;

    private readonly AesGcm _aes = new(key, Tag);
    private GcmNonce _nonce = new(initialNonce);

    public override int BlockLength => Block;

    public override int TagLength => Tag;

    public override void Seal(uint sequenceNumber, Span<byte> packet)
    {
        Span<byte> nonce = stackalloc byte[GcmNonce.Length];
        _nonce.Next(nonce);
        var body = packet[LengthFieldLength..^Tag];
        _aes.Encrypt(nonce, body, body, packet[^Tag..], packet[..LengthFieldLength]);
    }

    public override void Dispose() => _aes.Dispose();
}
