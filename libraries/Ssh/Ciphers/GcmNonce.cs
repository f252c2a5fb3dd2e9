using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Workspaces.Ssh.Ciphers;

/// <summary>The nonce of AES-GCM: a fixed field and a 64-bit invocation counter that goes up by one a packet (RFC 5647 section 7.1).</summary>
internal struct GcmNonce
{
    public const int Length = 12;
    private const int FixedLength = 4;

    private NonceBytes _bytes;

    public GcmNonce(ReadOnlySpan<byte> initial) => initial[..Length].CopyTo(_bytes);

    public void Next(Span<byte> nonce)
    {
        Span<byte> bytes = _bytes;
        bytes.CopyTo(nonce);
        var counter = bytes[FixedLength..];
        BinaryPrimitives.WriteUInt64BigEndian(counter, unchecked(BinaryPrimitives.ReadUInt64BigEndian(counter) + 1));
    }

    [InlineArray(Length)]
    private struct NonceBytes
    {
        private byte _first;
    }
}
