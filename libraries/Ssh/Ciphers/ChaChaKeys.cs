using System.Buffers.Binary;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace Workspaces.Ssh.Ciphers;

/// <summary>
/// What both directions of chacha20-poly1305@openssh.com share (OpenSSH PROTOCOL.chacha20poly1305): two keys, one for the length field and
/// one for the packet; the nonce is the sequence number; the first block of the packet's stream keys Poly1305.
/// </summary>
internal sealed class ChaChaKeys
{
    /// <summary>512 bits: the packet's key first, the length field's second.</summary>
    public const int KeyLength = 2 * SingleKeyLength;
    public const int Tag = 16;

    /// <summary>Padding makes packets a multiple of 8, as RFC 4253 section 6 demands of stream ciphers.</summary>
    public const int Block = 8;

    private const int SingleKeyLength = 32;
    private const int Rounds = 20;
    private const int StreamBlock = 64;

    private readonly KeyParameter _packetKey;
    private readonly KeyParameter _lengthKey;
    private readonly ChaChaEngine _stream = new(Rounds);
    private readonly Poly1305 _poly = new();

    public ChaChaKeys(byte[] key)
    {
        _packetKey = new KeyParameter(key, 0, SingleKeyLength);
        _lengthKey = new KeyParameter(key, SingleKeyLength, SingleKeyLength);
    }

    /// <summary>Encrypts or decrypts the length field.</summary>
    public void TransformLength(uint sequenceNumber, ReadOnlySpan<byte> input, Span<byte> output)
    {
        Start(_lengthKey, sequenceNumber);
        _stream.ProcessBytes(input, output);
    }

    /// <summary>Begins a packet: the stream stands at its second block, Poly1305 is keyed with the first.</summary>
    public void StartPacket(uint sequenceNumber)
    {
        Start(_packetKey, sequenceNumber);
        Span<byte> first = stackalloc byte[StreamBlock];
        first.Clear();
        _stream.ProcessBytes(first, first);
        _poly.Init(new KeyParameter(first[..SingleKeyLength]));
    }

    /// <summary>Encrypts or decrypts the body of the packet that was begun.</summary>
    public void TransformBody(ReadOnlySpan<byte> input, Span<byte> output) => _stream.ProcessBytes(input, output);

    /// <summary>The tag over what travels: length field and body, encrypted.</summary>
    public void ComputeTag(ReadOnlySpan<byte> lengthField, ReadOnlySpan<byte> body, Span<byte> tag)
    {
        _poly.BlockUpdate(lengthField);
        _poly.BlockUpdate(body);
        _poly.DoFinal(tag);
    }

    private void Start(KeyParameter key, uint sequenceNumber)
    {
        Span<byte> nonce = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(nonce, sequenceNumber);
        _stream.Init(forEncryption: true, new ParametersWithIV(key, nonce));
    }
}
