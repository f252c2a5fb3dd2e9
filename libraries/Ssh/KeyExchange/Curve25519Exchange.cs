using System.Security.Cryptography;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>curve25519-sha256 (RFC 8731). The secret is an mpint.</summary>
internal sealed class Curve25519Exchange : KeyExchangeMethod
{
    private readonly X25519KeyPair _pair = new();

    public override HashAlgorithmName Hash => HashAlgorithmName.SHA256;

    public override byte[] Start() => _pair.PublicKey;

    public override (byte[] Reply, byte[] Secret) Respond(ReadOnlySpan<byte> clientValue) => (_pair.PublicKey, Finish(clientValue));

    public override byte[] Finish(ReadOnlySpan<byte> serverValue)
    {
        var secret = _pair.Agree(serverValue);
        var writer = new SshWriter();
        writer.WriteMpint(secret);
        var encoded = writer.ToArray();
        writer.Erase();
        CryptographicOperations.ZeroMemory(secret);
        return encoded;
    }

    public override void Dispose() => _pair.Dispose();
}
