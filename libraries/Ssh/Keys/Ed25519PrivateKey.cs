using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>An Ed25519 private key (RFC 8032); the private half is its 32-byte seed.</summary>
public sealed class Ed25519PrivateKey : SshPrivateKey
{
    private readonly byte[] _seed;

    private Ed25519PrivateKey(byte[] seed, Ed25519PublicKey publicKey)
        : base(publicKey) => _seed = seed;

    internal static Ed25519PrivateKey Generate() => FromSeed(RandomNumberGenerator.GetBytes(Ed25519.SecretKeySize));

    internal static Ed25519PrivateKey FromSeed(byte[] seed)
    {
        Span<byte> point = stackalloc byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(seed, point);
        return new(seed, Ed25519PublicKey.FromPoint(point));
    }

    /// <summary>Fields of openssh-key-v1: the public key, then seed and public key together.</summary>
    internal static Ed25519PrivateKey Read(ref SshReader reader)
    {
        var point = reader.ReadString();
        var pair = reader.ReadString();
        if (pair.Length != Ed25519.SecretKeySize + Ed25519.PublicKeySize)
        {
            throw new SshFormatException("An Ed25519 private key has the wrong length.");
        }

        var key = FromSeed(pair[..Ed25519.SecretKeySize].ToArray());
        return ((Ed25519PublicKey)key.PublicKey).Point.SequenceEqual(point)
            ? key
            : throw new SshFormatException("The halves of an Ed25519 private key do not belong together.");
    }

    internal override void WritePrivateFields(SshWriter writer)
    {
        var point = ((Ed25519PublicKey)PublicKey).Point;
        writer.WriteString(point);
        writer.WriteString([.. _seed, .. point]);
    }

    private protected override byte[] SignCore(string algorithm, ReadOnlySpan<byte> data)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_seed, ((Ed25519PublicKey)PublicKey).Point, data, signature);
        return signature;
    }
}
