using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Workspaces.Ssh.Ciphers;

/// <summary>
/// HMAC over sequence number, length field and body: what is sent in encrypt-then-MAC form (OpenSSH PROTOCOL section 1.5), what is meant in
/// the older one (RFC 4253 section 6.4).
/// </summary>
internal sealed class PacketMac(MacAlgorithm algorithm, byte[] key) : IDisposable
{
    private readonly IncrementalHash _hmac = IncrementalHash.CreateHMAC(algorithm.Hash, key);

    public int Length => algorithm.Length;

    public void Compute(uint sequenceNumber, ReadOnlySpan<byte> lengthField, ReadOnlySpan<byte> body, Span<byte> tag)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, sequenceNumber);
        _hmac.AppendData(number);
        _hmac.AppendData(lengthField);
        _hmac.AppendData(body);
        _hmac.GetHashAndReset(tag);
    }

    public void Dispose() => _hmac.Dispose();
}
