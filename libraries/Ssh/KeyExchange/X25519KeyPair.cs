using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>An ephemeral X25519 key (RFC 7748).</summary>
internal sealed class X25519KeyPair : IDisposable
{
    public const int PublicLength = X25519.PointSize;
    public const int SecretLength = X25519.PointSize;

    private readonly byte[] _scalar = RandomNumberGenerator.GetBytes(X25519.ScalarSize);

    public X25519KeyPair()
    {
        PublicKey = new byte[PublicLength];
        X25519.ScalarMultBase(_scalar, PublicKey);
    }

    public byte[] PublicKey { get; }

    /// <summary>The shared secret; an all-zero one is refused (RFC 8731 section 3, RFC 7748 section 6.1).</summary>
    public byte[] Agree(ReadOnlySpan<byte> peerKey)
    {
        if (peerKey.Length != PublicLength)
        {
            throw new SshFormatException($"An X25519 public key has {PublicLength} bytes, not {peerKey.Length}.");
        }

        var secret = new byte[SecretLength];
        return X25519.CalculateAgreement(_scalar, peerKey, secret)
            ? secret
            : throw new SshFormatException("An X25519 public key leads to an all-zero secret.");
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_scalar);
}
