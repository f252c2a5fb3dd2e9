using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Workspaces.Ssh.Ciphers;

/// <summary>HMAC over sequence number, length field and encrypted body (OpenSSH PROTOCOL section 1.5).</summary>
internal sealed class EncryptThenMac(MacAlgorithm algorithm, byte[] key) : IDisposable
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
