using System.Security.Cryptography;
using System.Text;

namespace Workspaces.Contracts;

/// <summary>Name-based UUIDs with SHA-1 (RFC 9562 section 5.5). SHA-1 serves as a hash here, not as protection.</summary>
internal static class Uuid5
{
    public static Guid Create(Guid ns, string name)
    {
        var nameLength = Encoding.UTF8.GetByteCount(name);
        var input = new byte[16 + nameLength];
        ns.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 9562 defines version 5 with SHA-1.
        SHA1.HashData(input, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50); // version 5
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80); // variant of RFC 9562
        return new Guid(hash[..16], bigEndian: true);
    }
}
