using System.Security.Cryptography;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>One run of a key exchange method with two messages, 30 and 31 (RFC 5656 section 4, RFC 8731; DH: RFC 4253 section 8).</summary>
/// <remarks>Secrets are returned as they enter the hash: an mpint or a string, with their length.</remarks>
internal abstract class KeyExchangeMethod : IDisposable
{
    public const string MlKem768X25519 = "mlkem768x25519-sha256";
    public const string Curve25519 = "curve25519-sha256";
    public const string Curve25519LibSsh = "curve25519-sha256@libssh.org";
    public const string EcdhNistP256 = "ecdh-sha2-nistp256";
    public const string EcdhNistP384 = "ecdh-sha2-nistp384";
    public const string EcdhNistP521 = "ecdh-sha2-nistp521";
    public const string Group16 = "diffie-hellman-group16-sha512";
    public const string Group14 = "diffie-hellman-group14-sha256";

    /// <summary>The hash of the method: for the exchange hash and key derivation.</summary>
    public abstract HashAlgorithmName Hash { get; }

    public static KeyExchangeMethod Create(string name) => name switch
    {
        MlKem768X25519 => new MlKem768X25519Exchange(),
        Curve25519 or Curve25519LibSsh => new Curve25519Exchange(),
        EcdhNistP256 => new EcdhNistExchange(EcdsaCurve.NistP256),
        EcdhNistP384 => new EcdhNistExchange(EcdsaCurve.NistP384),
        EcdhNistP521 => new EcdhNistExchange(EcdsaCurve.NistP521),
        Group16 => new DiffieHellmanExchange(DiffieHellmanExchange.Modp4096, HashAlgorithmName.SHA512),
        Group14 => new DiffieHellmanExchange(DiffieHellmanExchange.Modp2048, HashAlgorithmName.SHA256),
        _ => throw new ArgumentException($"'{name}' is not a key exchange method of this library.", nameof(name)),
    };

    /// <summary>Client: the public value to send first.</summary>
    public abstract byte[] Start();

    /// <summary>Server: the public value to answer with, and the secret.</summary>
    /// <exception cref="SshFormatException">The client's value is malformed or leads to a weak secret.</exception>
    public abstract (byte[] Reply, byte[] Secret) Respond(ReadOnlySpan<byte> clientValue);

    /// <summary>Client: the secret.</summary>
    /// <exception cref="SshFormatException">The server's value is malformed or leads to a weak secret.</exception>
    public abstract byte[] Finish(ReadOnlySpan<byte> serverValue);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The secret as an mpint (RFC 4253 section 8, RFC 5656 section 4, RFC 8731 section 3.1); the argument is overwritten.</summary>
    protected static byte[] EncodeMpintAndErase(byte[] secret)
    {
        var writer = new SshWriter();
        writer.WriteMpint(secret);
        var encoded = writer.ToArray();
        writer.Erase();
        CryptographicOperations.ZeroMemory(secret);
        return encoded;
    }
}
