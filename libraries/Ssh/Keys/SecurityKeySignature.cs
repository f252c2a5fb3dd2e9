using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Workspaces.Ssh.Keys;

/// <summary>What a hardware key really signs (OpenSSH PROTOCOL.u2f, "SSH U2F Signatures").</summary>
internal static class SecurityKeySignature
{
    /// <summary>Hash of the application, flags, counter, hash of the data.</summary>
    public static byte[] SignedData(string application, byte flags, uint counter, ReadOnlySpan<byte> data)
    {
        var signed = new byte[SHA256.HashSizeInBytes + 1 + sizeof(uint) + SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(application), signed);
        signed[SHA256.HashSizeInBytes] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(signed.AsSpan(SHA256.HashSizeInBytes + 1), counter);
        SHA256.HashData(data, signed.AsSpan(SHA256.HashSizeInBytes + 1 + sizeof(uint)));
        return signed;
    }
}
