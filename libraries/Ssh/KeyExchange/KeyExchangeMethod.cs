using System.Security.Cryptography;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>One run of a key exchange method with two messages, 30 and 31 (RFC 5656 section 4, RFC 8731; DH: RFC 4253 section 8).</summary>
/// <remarks>Secrets are returned as they enter the hash: an mpint or a string, with their length.</remarks>
internal abstract class KeyExchangeMethod : IDisposable
{
    public const string MlKem768X25519 = "mlkem768x25519-sha256";
    public const string Curve25519 = "curve25519-sha256";
    public const string Curve25519LibSsh = "curve25519-sha256@libssh.org";

    /// <summary>The hash of the method: for the exchange hash and key derivation.</summary>
    public abstract HashAlgorithmName Hash { get; }

    public static KeyExchangeMethod Create(string name) => name switch
    {
        MlKem768X25519 => new MlKem768X25519Exchange(),
        Curve25519 or Curve25519LibSsh => new Curve25519Exchange(),
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
}
