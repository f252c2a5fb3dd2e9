using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Workspaces.Ssh.Ciphers;

/// <summary>aes128-gcm@openssh.com and aes256-gcm@openssh.com (RFC 5647, with the length field as associated data).</summary>
internal sealed class GcmOpener(ReadOnlySpan<byte> key, ReadOnlySpan<byte> initialNonce) : PacketOpener
{
    private readonly AesGcm _aes = new(key, GcmSealer.Tag);
    private GcmNonce _nonce = new(initialNonce);

    public override int BlockLength => GcmSealer.Block;

    public override int TagLength => GcmSealer.Tag;

    public override uint ReadLength(uint sequenceNumber, ReadOnlySpan<byte> lengthField) => BinaryPrimitives.ReadUInt32BigEndian(lengthField);

    public override bool TryOpen(uint sequenceNumber, ReadOnlySpan<byte> lengthField, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tag, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[GcmNonce.Length];
        _nonce.Next(nonce);
        try
        {
            _aes.Decrypt(nonce, body, tag, plain, lengthField);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public override void Dispose() => _aes.Dispose();
}
