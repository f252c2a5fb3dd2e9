using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Workspaces.Proxy.Directory;

/// <summary>An OpenSSH public key line: <c>ssh-ed25519 AAAA...</c>, without options (sshd(8), AUTHORIZED_KEYS FILE FORMAT).</summary>
public static class PublicKeyLine
{
    /// <summary>The fingerprint of the key in <paramref name="line"/>; false where there is none, or where blob and type disagree.</summary>
    public static bool TryGetFingerprint(string line, [NotNullWhen(true)] out string? fingerprint)
    {
        fingerprint = null;
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var type, var encoded, ..])
        {
            return false;
        }

        var blob = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, blob, out var length))
        {
            return false;
        }

        // RFC 4253 section 6.6: the blob starts with the name of its own format.
        var key = blob.AsSpan(0, length);
        if (length < 4 || BinaryPrimitives.ReadUInt32BigEndian(key) is var nameLength && nameLength > length - 4
            || Encoding.ASCII.GetString(key.Slice(4, (int)nameLength)) != type)
        {
            return false;
        }

        fingerprint = Fingerprint(key);
        return true;
    }

    /// <summary>The fingerprint of a public key blob as OpenSSH prints it: <c>SHA256:</c> and base64 without padding.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> blob) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=');
}
