using System.Security.Cryptography;

namespace Workspaces.Proxy.Tests.Clients;

/// <summary>Bytes to send both ways, the same in each run.</summary>
internal static class Payload
{
    /// <summary>Random bytes.</summary>
    public static byte[] Of(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The hash in hexadecimal, as sha256sum prints it.</summary>
    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
