using System.Security.Cryptography;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>Makes keys from the shared secret (RFC 4253 section 7.2).</summary>
internal sealed class KeyDerivation(HashAlgorithmName hash, byte[] secret, byte[] exchangeHash, byte[] sessionId)
{
    public const char InitialVectorToServer = 'A';
    public const char InitialVectorToClient = 'B';
    public const char EncryptionKeyToServer = 'C';
    public const char EncryptionKeyToClient = 'D';
    public const char IntegrityKeyToServer = 'E';
    public const char IntegrityKeyToClient = 'F';

    /// <summary>K1 = HASH(K || H || X || session_id), K2 = HASH(K || H || K1), and so on until there is enough.</summary>
    public byte[] Derive(char letter, int length)
    {
        using var hasher = IncrementalHash.CreateHash(hash);
        var key = new List<byte>(length + 64);
        while (key.Count < length)
        {
            hasher.AppendData(secret);
            hasher.AppendData(exchangeHash);
            if (key.Count == 0)
            {
                hasher.AppendData([(byte)letter]);
                hasher.AppendData(sessionId);
            }
            else
            {
                hasher.AppendData(key.ToArray());
            }

            key.AddRange(hasher.GetHashAndReset());
        }

        return [.. key.Take(length)];
    }
}
